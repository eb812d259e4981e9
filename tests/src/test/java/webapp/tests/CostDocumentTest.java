package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every figure of docs/cost.md is what its formula makes of the unit prices and of the rows above it. */
class CostDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("checkout.directory"), "docs", "cost.md");

    @Test
    void figuresFollowFromTheUnitPrices() throws IOException {
        Map<String, BigDecimal> known = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        int formulas = 0;
        List<String> columns = List.of();
        for (String line : Files.readAllLines(DOCUMENT)) {
            List<String> cells = cells(line);
            if (cells.isEmpty() || cells.get(0).equals("name")) {
                columns = cells;
                continue;
            }
            if (cells.get(0).startsWith("---")) {
                continue;
            }
            String name = cells.get(0).replace("`", "");
            BigDecimal shown = new BigDecimal(cells.get(columns.indexOf("USD")).replace(",", ""));
            BigDecimal value = shown;
            if (columns.contains("formula")) {
                formulas++;
                value = value(cells.get(columns.indexOf("formula")), known);
                if (value.setScale(2, RoundingMode.HALF_UP).compareTo(shown) != 0) {
                    wrong.add(name + " is " + value.toPlainString() + ", not " + shown);
                }
            }
            assertThat(known.put(name, value)).as("rows of the name %s", name).isNull();
        }
        assertThat(formulas).isGreaterThan(20);
        assertThat(wrong).isEmpty();
    }

    @Test
    void formulasAreSumsOfProducts() {
        assertThat(value("`a` + 1,000 x 0.5 / 4 x `b`", Map.of("a", BigDecimal.ONE, "b", new BigDecimal("0.02")))).isEqualByComparingTo("3.5");
    }

    private static List<String> cells(String line) {
        if (!line.startsWith("|")) {
            return List.of();
        }
        return List.of(line.substring(1, line.length() - 1).strip().split(" *[|] *"));
    }

    private static BigDecimal value(String formula, Map<String, BigDecimal> known) {
        BigDecimal sum = BigDecimal.ZERO;
        for (String term : formula.split(" [+] ")) {
            BigDecimal product = BigDecimal.ONE;
            boolean divided = false;
            for (String word : term.strip().split(" ")) {
                if (word.equals("x") || word.equals("/")) {
                    divided = word.equals("/");
                } else if (divided) {
                    product = product.divide(factor(word, known), MathContext.DECIMAL64);
                } else {
                    product = product.multiply(factor(word, known));
                }
            }
            sum = sum.add(product);
        }
        return sum;
    }

    private static BigDecimal factor(String word, Map<String, BigDecimal> known) {
        if (!word.startsWith("`")) {
            return new BigDecimal(word.replace(",", ""));
        }
        BigDecimal value = known.get(word.replace("`", ""));
        assertThat(value).as("price of %s", word).isNotNull();
        return value;
    }
}
