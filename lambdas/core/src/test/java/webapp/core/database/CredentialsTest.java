package webapp.core.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import webapp.core.configuration.ConfigurationException;

class CredentialsTest {
    private HttpServer endpoint;
    private volatile String answer;

    @BeforeEach
    void startEndpoint() throws IOException {
        endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/credentials", exchange -> {
            boolean authorized = "token".equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(authorized ? 200 : 403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        endpoint.start();
    }

    @AfterEach
    void stopEndpoint() {
        endpoint.stop(0);
    }

    @Test
    void keysOfTheEnvironmentCount() throws IOException {
        assertThat(Credentials.of(Map.of(
                        "AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", "secret", "AWS_SESSION_TOKEN", "session")))
                .isEqualTo(new Credentials("AKID", "secret", "session"));
    }

    @Test
    void underSnapStartTheEndpointIsAskedEachTime() throws IOException {
        answer = "{\"AccessKeyId\":\"one\",\"SecretAccessKey\":\"secret\",\"Token\":\"session\",\"Expiration\":\"x\",\"More\":{}}";
        assertThat(Credentials.of(environment("token"))).isEqualTo(new Credentials("one", "secret", "session"));

        answer = "{\"AccessKeyId\":\"two\",\"SecretAccessKey\":\"secret\"}";
        assertThat(Credentials.of(environment("token"))).isEqualTo(new Credentials("two", "secret", null));
    }

    @Test
    void refusalOfTheEndpointIsAFailure() {
        answer = "no";

        assertThatThrownBy(() -> Credentials.of(environment("wrong")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("403");
    }

    @Test
    void answerThatIsNoJsonIsNotQuoted() {
        answer = "{\"AccessKeyId\":\"one\",\"SecretAccessKey\":wJalrXUtnFEMI}";

        assertThatThrownBy(() -> Credentials.of(environment("token")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no valid JSON")
                .satisfies(failure -> assertThat(failure).hasNoCause().hasMessageNotContaining("wJalrXUtnFEMI"));
    }

    @Test
    void nullIsNoKey() throws IOException {
        answer = "{\"AccessKeyId\":\"one\",\"SecretAccessKey\":\"secret\",\"Token\":null}";
        assertThat(Credentials.of(environment("token"))).isEqualTo(new Credentials("one", "secret", null));

        answer = "{\"AccessKeyId\":\"one\",\"SecretAccessKey\":null}";
        assertThatThrownBy(() -> Credentials.of(environment("token"))).hasMessageContaining("without");
    }

    @Test
    void environmentWithoutCredentialsIsAnError() {
        assertThatThrownBy(() -> Credentials.of(Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }

    @Test
    void secretIsNotShown() {
        assertThat(new Credentials("AKID", "secret", "session")).hasToString("Credentials[AKID]");
    }

    private Map<String, String> environment(String token) {
        return Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                token);
    }
}
