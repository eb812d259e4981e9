package webapp.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import webapp.core.http.IdempotencyKey;

/** The contract is true to itself, and what holds answers against it finds what is wrong with them. */
class ContractTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void examplesOfAnswersAreOfTheirSchemas() {
        assertThat(Contract.checkExamples()).containsKeys("listProducts", "placeOrder", "getOwnProfile", "signIn", "getReadiness");
    }

    @Test
    void formOfAnIdempotencyKeyIsTheContracts() {
        assertThat("^(" + IdempotencyKey.FORM.pattern() + ")$")
                .isEqualTo(Contract.at("/components/parameters/IdempotencyKey/schema/pattern").asText())
                .isEqualTo(Contract.at("/components/parameters/RequiredIdempotencyKey/schema/pattern").asText());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "200|{}|/userId",
        "200|{'userId':1}|is a string",
        "200|{'userId':'x','more':1}|/more stands in the contract",
        "200|[]|is an object",
        "201|{'userId':'x'}|stands in the contract",
        "401|{'type':'/problems/x','title':'X'}|/correlationId"
    })
    void answerThatIsNotTheContractsIsFound(int status, String body, String complaint) throws Exception {
        String json = body.replace('\'', '"');
        Answer answer = new Answer(
                status,
                JSON.readTree("{\"ETag\":\"x\",\"WWW-Authenticate\":\"Bearer\",\"Content-Type\":\"application/" + (status < 400 ? "json" : "problem+json") + "\"}"),
                JSON.readTree(json),
                json,
                "");

        assertThatThrownBy(() -> Contract.check(Call.get("/users/me").rest(), answer))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void missingHeaderOrUnexpectedBodyIsFound() throws Exception {
        Answer tagless = new Answer(200, JSON.readTree("{\"Content-Type\":\"application/json\"}"), JSON.readTree("{\"userId\":\"x\"}"), "", "");
        Answer unchanged = new Answer(304, JSON.readTree("{\"ETag\":\"x\"}"), MissingNode.getInstance(), "{}", "");

        assertThatThrownBy(() -> Contract.check(Call.get("/users/me").http(), tagless)).hasMessageContaining("has header ETag");
        assertThatThrownBy(() -> Contract.check(Call.get("/products").rest(), unchanged)).hasMessageContaining("has no body");
    }
}
