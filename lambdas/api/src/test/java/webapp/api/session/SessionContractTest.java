package webapp.api.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.api.http.HttpCalls;
import webapp.core.configuration.Configuration;
import webapp.core.problem.ProblemType;

/** The session keeps what the contract and its list of problems promise. */
class SessionContractTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @Test
    void rulesAreTheContracts() throws IOException {
        JsonNode schemas = contract().at("/components/schemas");

        JsonNode email = schemas.at("/SignUp/properties/email");
        assertThat("^" + Accounts.EMAIL.pattern() + "$").isEqualTo(email.get("pattern").asText());
        assertThat("^" + Accounts.CODE.pattern() + "$").isEqualTo(schemas.at("/ConfirmSignUp/properties/code/pattern").asText());
        for (String schema : List.of("SignUp", "ConfirmSignUp", "ResendCode", "SignIn")) {
            assertThat(schemas.at("/" + schema + "/properties/email/minLength").asInt()).isEqualTo(Accounts.SHORTEST_EMAIL);
            assertThat(schemas.at("/" + schema + "/properties/email/maxLength").asInt()).isEqualTo(Accounts.LONGEST_EMAIL);
        }
        assertThat(schemas.at("/SignUp/properties/password/minLength").asInt()).isEqualTo(Accounts.SHORTEST_PASSWORD);
        assertThat(schemas.at("/SignUp/properties/password/maxLength").asInt()).isEqualTo(Accounts.LONGEST_PASSWORD);
        assertThat(schemas.at("/SignIn/properties/password/minLength").asInt()).isEqualTo(1);
        assertThat(schemas.at("/SignIn/properties/password/maxLength").asInt()).isEqualTo(Accounts.LONGEST_PASSWORD);
    }

    @Test
    void everyOperationOfTheSessionIsAnsweredAsDocumented() throws IOException {
        try (CognitoDouble pool = new CognitoDouble()) {
            Browser browser = new Browser(new SessionHandler(
                    new Configuration(Map.of("AWS_ENDPOINT_URL", pool.url(), "USER_POOL_CLIENT_ID", CognitoDouble.CLIENT_ID)),
                    new HttpCalls(),
                    millis -> {}));
            List<String> operations = new ArrayList<>();
            for (Map.Entry<String, JsonNode> path : contract().get("paths").properties()) {
                if (path.getKey().startsWith("/session/")) {
                    JsonNode operation = path.getValue().get("post");
                    operations.add(operation.get("operationId").asText());
                    JsonNode example = operation.at("/requestBody/content/application~1json/example");
                    for (String site : List.of("same-origin", "cross-site")) {
                        Browser.Answer answer = browser.post(
                                path.getKey(),
                                example.isMissingNode() ? null : example.toString().replace("staple", "staple 1"),
                                Map.of("Content-Type", "application/json", "Sec-Fetch-Site", site));
                        assertThat(answer.type()).isNotIn("/problems/not-found", "/problems/method-not-allowed");
                        assertThat(operation.get("responses").has(Integer.toString(answer.status())))
                                .as(path.getKey() + " " + answer.status()).isTrue();
                    }
                }
            }
            assertThat(operations).containsExactly("signUp", "confirmSignUp", "resendCode", "signIn", "refreshSession", "signOut");
        }
    }

    @Test
    void everyProblemIsListed() throws Exception {
        String list = Files.readString(CHECKOUT.resolve("docs/problems.md"));
        List<ProblemType> types = new ArrayList<>();
        for (Field field : SessionProblems.class.getDeclaredFields()) {
            if (field.getType() == ProblemType.class) {
                field.setAccessible(true);
                types.add((ProblemType) field.get(null));
            }
        }
        assertThat(types).hasSize(4).allSatisfy(type -> assertThat(list)
                .contains("| `/problems/" + type.slug() + "` | " + type.status() + " | " + type.title() + " |"));
    }

    private static JsonNode contract() throws IOException {
        return new YAMLMapper().readTree(CHECKOUT.resolve("lambdas/api/openapi.yaml").toFile());
    }
}
