package webapp.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong answer is never measured, however fast it comes. */
class ReadTest {
    private static final String ANSWER = """
            {"statusCode": 404, "headers": {"Content-Type": "application/problem+json"}, "body": "{\\"type\\": \\"/problems/product-not-found\\",
            \\"title\\": \\"Product not found\\", \\"status\\": 404, \\"detail\\": \\"There is no product with this identifier.\\",
            \\"correlationId\\": \\"c6af9ac6-7b61-11e6-9a41-93e8deadbeef\\"}"}""".replace("\n", " ");

    @Test
    void rightAnswerCountsWhicheverHeadersHoldItsMediaType() {
        assertThatCode(() -> Read.ABSENT_PRODUCT.check("x", ANSWER)).doesNotThrowAnyException();
        assertThatCode(() -> Read.ABSENT_PRODUCT.check("x", ANSWER
                .replace("\"headers\"", "\"multiValueHeaders\"")
                .replace("\"application/problem+json\"", "[\"application/problem+json\"]"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "'statusCode\": 404', 'statusCode\": 200'", "application/problem+json, application/json", "Product not found, Not found",
        "c6af9ac6, 00000000"
    })
    void answerThatDiffersDoesNot(String part, String other) {
        assertThatThrownBy(() -> Read.ABSENT_PRODUCT.check("x", ANSWER.replace(part, other)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ABSENT_PRODUCT");
    }

    @Test
    void eventAsksForTheRow() throws IOException {
        String event = new String(Read.PRODUCT.event(Path.of(System.getProperty("checkout.directory"))));

        assertThat(event).contains("\"path\":\"/products/enamel-mug\"", "\"pathParameters\":{\"productId\":\"enamel-mug\"}");
    }
}
