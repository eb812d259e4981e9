package webapp.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterSecretTest {
    private static final String ARN = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:rds!db-1";

    @Test
    void readsTheFormOfRds() {
        assertThat(MasterSecret.parse("{\"username\":\"master\",\"password\":\"p\\\"w\",\"extra\":{\"a\":[]}}", ARN))
                .isEqualTo(new MasterSecret("master", "p\"w"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2", "{\"password\":\"hunter2\"}", "{\"username\":\"hunter2\"}", "[\"hunter2\"]", "{\"x\":hunter2}"})
    void otherFormsAreRefusedAndNeverShown(String secret) {
        assertThatThrownBy(() -> MasterSecret.parse(secret, ARN))
                .hasMessageContaining(ARN)
                .satisfies(failure -> assertThat(failure.toString()).doesNotContain("hunter2"))
                .hasNoCause();
    }

    @Test
    void passwordIsNotShown() {
        assertThat(new MasterSecret("master", "hunter2")).hasToString("MasterSecret[master]");
    }

    @Test
    void isReadFromSecretsManager() throws IOException {
        HttpServer secretsManager = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secretsManager.createContext("/", exchange -> {
            boolean asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8).contains(ARN)
                    && "secretsmanager.GetSecretValue".equals(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
            byte[] answer = "{\"SecretString\":\"{\\\"username\\\":\\\"master\\\",\\\"password\\\":\\\"secret\\\"}\"}"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(asked ? 200 : 400, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        secretsManager.start();
        Map<String, String> settings = Map.of(
                "aws.endpointUrl", "http://127.0.0.1:" + secretsManager.getAddress().getPort(),
                "aws.region", "eu-central-1",
                "aws.accessKeyId", "test",
                "aws.secretAccessKey", "test");
        settings.forEach(System::setProperty);
        try {
            assertThat(MasterSecret.read(ARN)).isEqualTo(new MasterSecret("master", "secret"));
        } finally {
            settings.keySet().forEach(System::clearProperty);
            secretsManager.stop(0);
        }
    }
}
