package webapp.api.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.api.Contract;
import webapp.api.http.HttpCalls;
import webapp.core.configuration.Configuration;

/** The session keeps what the contract promises; each answer of the other tests is held against it too. */
class SessionContractTest {
    @Test
    void rulesAreTheContracts() {
        JsonNode schemas = Contract.at("/components/schemas");

        assertThat("^" + Accounts.EMAIL.pattern() + "$").isEqualTo(schemas.at("/SignUp/properties/email/pattern").asText());
        assertThat("^" + Accounts.CODE.pattern() + "$").isEqualTo(schemas.at("/ConfirmSignUp/properties/code/pattern").asText());
        for (String schema : List.of("ConfirmSignUp", "ResendCode")) {
            assertThat("^" + Accounts.ACCOUNT_ID.pattern() + "$").isEqualTo(schemas.at("/" + schema + "/properties/accountId/pattern").asText());
        }
        for (String schema : List.of("SignUp", "SignIn")) {
            assertThat(schemas.at("/" + schema + "/properties/email/minLength").asInt()).isEqualTo(Accounts.SHORTEST_EMAIL);
            assertThat(schemas.at("/" + schema + "/properties/email/maxLength").asInt()).isEqualTo(Accounts.LONGEST_EMAIL);
        }
        assertThat("^" + Accounts.PASSWORD.pattern() + "$").isEqualTo(schemas.at("/SignUp/properties/password/pattern").asText());
        assertThat(schemas.at("/SignUp/properties/password/minLength").asInt()).isEqualTo(Accounts.SHORTEST_PASSWORD);
        assertThat(schemas.at("/SignUp/properties/password/maxLength").asInt()).isEqualTo(Accounts.LONGEST_PASSWORD);
        assertThat(schemas.at("/SignIn/properties/password/minLength").asInt()).isEqualTo(1);
        assertThat(schemas.at("/SignIn/properties/password/maxLength").asInt()).isEqualTo(Accounts.LONGEST_PASSWORD);
    }

    @Test
    void everyOperationOfTheSessionIsAnswered() {
        try (CognitoDouble pool = new CognitoDouble()) {
            Contract.assertEveryOperationIsAnswered(
                    new SessionHandler(
                            new Configuration(Map.of("AWS_ENDPOINT_URL", pool.url(), "USER_POOL_CLIENT_ID", CognitoDouble.CLIENT_ID)),
                            new HttpCalls(),
                            millis -> {}),
                    "/session");
        }
    }
}
