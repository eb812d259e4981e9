package webapp.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.core.configuration.Configuration;
import webapp.core.problem.ProblemException;
import webapp.core.testing.Invocation;

class CorsTest {
    private static final String SHOP = "https://shop.example.com";
    private static final String ALLOWED = "\"Access-Control-Allow-Origin\":\"" + SHOP + "\"";

    @Test
    void withoutOriginsNothingIsAdded() throws IOException {
        assertThat(answer(Map.of(), "/things", SHOP)).doesNotContain("Access-Control").doesNotContain("Vary");
    }

    @Test
    void listedOriginMayReadTheAnswer() throws IOException {
        assertThat(answer(Map.of("CORS_ALLOW_ORIGINS", "https://other.example.com," + SHOP), "/things", SHOP))
                .contains(ALLOWED, "\"Vary\":\"Origin\"");
    }

    @Test
    void listedOriginMayReadErrorsToo() throws IOException {
        Map<String, String> variables = Map.of("CORS_ALLOW_ORIGINS", SHOP);

        assertThat(answer(variables, "/broken", SHOP)).contains("\"statusCode\":500", ALLOWED);
        assertThat(answer(variables, "/nothing", SHOP)).contains("\"statusCode\":404", ALLOWED);
        assertThat(answer(variables, "/refused", SHOP)).contains("\"statusCode\":503", ALLOWED);
    }

    @Test
    void strangerMayNotAndIsNotAnsweredFromAnothersCache() throws IOException {
        assertThat(answer(Map.of("CORS_ALLOW_ORIGINS", SHOP), "/things", "https://shop.example.com.evil.example"))
                .doesNotContain("Access-Control").contains("\"Vary\":\"Origin\"");
        assertThat(answer(Map.of("CORS_ALLOW_ORIGINS", SHOP), "/things", null)).doesNotContain("Access-Control");
    }

    @Test
    void everyoneMayWhereAnyOriginIsListed() throws IOException {
        assertThat(answer(Map.of("CORS_ALLOW_ORIGINS", "*"), "/things", SHOP))
                .contains("\"Access-Control-Allow-Origin\":\"*\"").doesNotContain("Vary");
    }

    @Test
    void credentialsAndExposedHeadersAreToldWhereConfigured() throws IOException {
        Map<String, String> variables =
                Map.of("CORS_ALLOW_ORIGINS", SHOP, "CORS_ALLOW_CREDENTIALS", "true", "CORS_EXPOSE_HEADERS", "ETag,Retry-After");

        assertThat(answer(variables, "/things", SHOP))
                .contains("\"Access-Control-Allow-Credentials\":\"true\"", "\"Access-Control-Expose-Headers\":\"ETag,Retry-After\"");
        assertThat(answer(Map.of("CORS_ALLOW_ORIGINS", SHOP, "CORS_ALLOW_CREDENTIALS", "false"), "/things", SHOP))
                .doesNotContain("Allow-Credentials").doesNotContain("Expose");
    }

    private static String answer(Map<String, String> variables, String path, String origin) throws IOException {
        Router router = new Router(new Configuration(variables))
                .on("GET", "/things", request -> Response.json(200, json -> {}))
                .on("GET", "/broken", request -> {
                    throw new IllegalStateException("broken");
                })
                .on("GET", "/refused", request -> {
                    throw ProblemException.serviceUnavailable(1, new IOException("down"));
                });
        return new Invocation().run(router::answer, "{\"httpMethod\":\"GET\",\"resource\":\"" + path + "\""
                + (origin == null ? "" : ",\"headers\":{\"origin\":\"" + origin + "\"}") + "}");
    }
}
