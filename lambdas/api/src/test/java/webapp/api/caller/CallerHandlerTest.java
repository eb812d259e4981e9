package webapp.api.caller;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.api.Answer;
import webapp.core.configuration.Configuration;

class CallerHandlerTest {
    private static final String ISSUER = "https://issuer.example.com";

    private final CallerHandler handler =
            new CallerHandler(new Configuration(Map.of("USER_POOL_ISSUER", ISSUER, "USER_POOL_CLIENT_ID", "web")));

    @Test
    void everybodyLearnsThatTheApiIsUp() {
        Answer answer = Answer.ofEvent(handler, """
                {"version":"2.0","routeKey":"GET /status","rawPath":"/api/status","requestContext":{"http":{"method":"GET"}}}""");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"status\":\"up\"}");
    }

    @Test
    void personLearnsItsSubjectAndGroups() {
        Answer answer = person("web");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo(
                "{\"subject\":\"ada\",\"clientId\":\"web\",\"issuer\":\"" + ISSUER + "\",\"groups\":[\"staff\",\"support\"]}");
    }

    @Test
    void tokenOfAnotherClientIsRefusedHereToo() {
        assertThat(person("other").status()).isEqualTo(401);
    }

    @Test
    void consumerLearnsTheIdOfItsKeyAndNotTheKey() {
        Answer answer = Answer.ofEvent(handler, """
                {"httpMethod":"GET","resource":"/consumer","requestContext":{"identity":{"apiKey":"secret","apiKeyId":"k1"}}}""");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"apiKeyId\":\"k1\"}");
    }

    @Test
    void primingNeedsNothing() {
        handler.checkpoint().beforeCheckpoint(null);
        assertThat(person("web").status()).isEqualTo(200);
    }

    private Answer person(String client) {
        return Answer.ofEvent(handler, """
                {"version":"2.0","routeKey":"GET /caller","rawPath":"/api/caller","requestContext":{"http":{"method":"GET"},
                "authorizer":{"jwt":{"claims":{"sub":"ada","iss":"%s","aud":"%s","token_use":"id","cognito:groups":"[staff support]"}}}}}"""
                .formatted(ISSUER, client));
    }
}
