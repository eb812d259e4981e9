package webapp.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One list of problems, docs/problems.md, for the functions and for the gateway: what answers them stands in it, and nothing else. */
class ProblemsTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `/problems/([a-z-]+)` \\| ([0-9x]{3}) \\| ([^|]+) \\|");
    private static final Pattern CONSTANT = Pattern.compile("new ProblemType\\(\\s*\"([^\"]+)\",\\s*\"([^\"]+)\",\\s*([0-9]+)\\)");
    private static final Pattern CONSTRUCTOR = Pattern.compile("new ProblemType\\(");
    private static final Pattern GATEWAYS =
            Pattern.compile("(?m)^ +([a-z-]+) += \\{ title = \"([^\"]+)\"(?:, status = ([0-9]+))?, detail = ");

    @Test
    void listHoldsWhatIsAnsweredAndNothingElse() {
        Map<String, String> answered = new TreeMap<>(functions());
        gateway().forEach((slug, problem) -> answered.merge(slug, problem, (function, gateway) -> {
            assertThat(title(gateway)).as("title of " + slug).isEqualTo(title(function));
            // Without a status, the gateway answers with any of a class of them.
            return gateway.startsWith("?") ? "?" + function.substring(function.indexOf(' ')) : function;
        }));
        Map<String, String> listed = new TreeMap<>();
        for (Matcher row = ROW.matcher(text("docs/problems.md")); row.find(); ) {
            listed.put(row.group(1), (row.group(2).endsWith("xx") ? "?" : row.group(2)) + " " + row.group(3));
        }
        assertThat(listed).isEqualTo(answered);
    }

    /** By slug, the status and the title. */
    private static Map<String, String> functions() {
        Map<String, String> problems = new TreeMap<>();
        try (Stream<Path> sources = Files.walk(CHECKOUT.resolve("lambdas"))) {
            for (Path source : sources.filter(file -> file.toString().matches(".*/src/main/java/.*[.]java")).toList()) {
                String java = Files.readString(source);
                int constants = 0;
                for (Matcher constant = CONSTANT.matcher(java); constant.find(); constants++) {
                    String problem = constant.group(3) + " " + constant.group(2);
                    assertThat(problems.put(constant.group(1), problem)).as(constant.group(1) + " is declared once, also in " + source).isNull();
                }
                // A slug that is put together would escape this test.
                assertThat(CONSTRUCTOR.matcher(java).results().count()).as(source.toString()).isEqualTo(constants);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(problems).hasSizeGreaterThan(10);
        return problems;
    }

    private static Map<String, String> gateway() {
        Map<String, String> problems = new TreeMap<>();
        for (Matcher problem = GATEWAYS.matcher(text("modules/api/responses.tf")); problem.find(); ) {
            problems.put(problem.group(1), (problem.group(3) == null ? "?" : problem.group(3)) + " " + problem.group(2));
        }
        assertThat(problems).hasSizeGreaterThan(10);
        return problems;
    }

    private static String title(String problem) {
        return problem.substring(problem.indexOf(' ') + 1);
    }

    private static String text(String file) {
        try {
            return Files.readString(CHECKOUT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
