package webapp.api.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.http.HttpCalls;
import webapp.api.http.TlsServer;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.testing.Invocation;

/** Against an issuer that publishes its keys over TLS. */
class JwtAuthorizerHandlerTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final long SECOND = NOW.getEpochSecond();
    private static final Signer ISSUERS = Signer.rsa();
    private static final Signer ISSUERS_NEXT = Signer.p256();
    private static final String PATH = "/orders";

    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 200;
    private volatile int padding;
    private final TlsServer server = new TlsServer(this::publish);
    private final JwtAuthorizerHandler handler = handler(TlsServer.trust());

    @AfterEach
    void stop() {
        server.close();
    }

    private void publish(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        String document = exchange.getRequestURI().getPath().equals("/keys")
                ? "{\"keys\":[" + Jwks.of("one", ISSUERS) + "," + Jwks.of("two", ISSUERS_NEXT) + "]}"
                : "{\"issuer\":\"" + server.url() + "\",\"jwks_uri\":\"" + server.url() + "/keys\"}";
        byte[] body = (document + " ".repeat(padding)).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void rightTokenMayAskTheStageAndItsClaimsArePassedOn() throws IOException {
        String token = token(claims("""
                "aud":"web","token_use":"id","cognito:groups":["support","a,b","[x]","Domain Users"],"email":"ada@example.com",
                "name":"Ada","other":"x\""""));

        Decision decision = decide(token);

        assertThat(decision.answer().at("/principalId").asText()).isEqualTo("ada");
        assertThat(decision.allows(Decision.STAGE + "/GET/orders")).isTrue();
        assertThat(decision.allows(Decision.STAGE + "/POST/orders")).isTrue();
        assertThat(decision.allows(Decision.STAGE.replace("/api", "/api2") + "/GET/orders")).isFalse();
        assertThat(decision.allows(Decision.STAGE.replace("abcdef1234", "zzzzzz9999") + "/GET/orders")).isFalse();
        assertThat(decision.answer().at("/context").toString()).isEqualTo(("{'sub':'ada','iss':'" + server.url()
                + "','token_use':'id','name':'Ada','aud':'web','cognito:groups':'support,Domain Users','email':'ada@example.com'}")
                .replace('\'', '"'));
    }

    @Test
    void accessTokenIsForItsClientAndHasScopes() throws IOException {
        Decision decision = decide(token(claims("\"client_id\":\"warehouse\",\"scope\":\"orders/read x\",\"token_use\":\"access\"")));

        assertThat(decision.answer().at("/context/scope").asText()).isEqualTo("orders/read x");
        assertThat(decision.answer().at("/context/client_id").asText()).isEqualTo("warehouse");
        assertThat(decide(token(claims("\"aud\":\"web\",\"scp\":[\"a\",\"b\"]"))).answer().at("/context/scp").asText())
                .isEqualTo("a b");
        assertThat(decide(token(claims("\"aud\":\"web\",\"scope\":\"\""))).answer().at("/context").has("scope"))
                .as("it is no ID token").isTrue();
    }

    @Test
    void emailThatIsNotVerifiedIsNotPassedOn() throws IOException {
        for (String unverified : List.of("false", "\"false\"")) {
            assertThat(decide(token(claims("\"aud\":\"web\",\"email\":\"a@example.com\",\"email_verified\":" + unverified)))
                            .answer().at("/context").has("email"))
                    .isFalse();
        }
    }

    @Test
    void eachKeyVerifiesItsAlgorithmAndIsReadOnce() throws IOException {
        decide(token(claims("\"aud\":\"web\"")));
        decide(ISSUERS_NEXT.token("{\"alg\":\"ES256\",\"kid\":\"two\"}", claims("\"aud\":\"web\"")));

        assertThat(requests).hasValue(2);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void badTokenIsRefused(String reason, String token) {
        Invocation invocation = new Invocation();
        String ofThisIssuer = token.startsWith("claims:")
                ? token(token.substring("claims:".length()).replace("@issuer@", server.url()))
                : token.replace("@claims@", Signer.encode(claims("\"aud\":\"web\"")));

        assertThatThrownBy(() -> Decision.of(handler, "authorize-rest-request", "Bearer " + ofThisIssuer, PATH, invocation))
                .isInstanceOf(Unauthorized.class);
        assertThat(invocation.logged()).startsWith("Token refused: " + reason.replaceAll(" \\(.*", "") + ", request=");
    }

    static Stream<Object[]> badTokens() {
        String right = "\"iss\":\"@issuer@\",\"sub\":\"ada\",\"exp\":" + (SECOND + 300);
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("of another issuer", "claims:{\"aud\":\"web\"," + right.replace("@issuer@", "https://evil.example.com") + "}");
        tokens.put("of another issuer (slash)", "claims:{\"aud\":\"web\"," + right.replace("@issuer@", "@issuer@/") + "}");
        tokens.put("for another audience", "claims:{\"aud\":\"other\"," + right + "}");
        tokens.put("for another audience (absent)", "claims:{" + right + "}");
        tokens.put("for another audience (client of ours)", "claims:{\"aud\":\"other\",\"client_id\":\"web\"," + right + "}");
        tokens.put("for another audience (other client)", "claims:{\"client_id\":\"other\"," + right + "}");
        tokens.put("without a subject", "claims:{\"aud\":\"web\"," + right.replace("\"ada\"", "\" \"") + "}");
        tokens.put("never expires", "claims:{\"aud\":\"web\"," + right.replace("exp", "x") + "}");
        tokens.put("expired", "claims:{\"aud\":\"web\"," + right.replace("" + (SECOND + 300), "" + (SECOND - 60)) + "}");
        tokens.put("not valid yet", "claims:{\"aud\":\"web\",\"nbf\":" + (SECOND + 61) + "," + right + "}");
        tokens.put("no key verifies it (key id of another key)",
                ISSUERS.token("{\"alg\":\"RS256\",\"kid\":\"two\"}", "{\"aud\":\"web\"," + right + "}"));
        tokens.put("no key verifies it (unknown key id)",
                ISSUERS.token("{\"alg\":\"RS256\",\"kid\":\"three\"}", "{\"aud\":\"web\"," + right + "}"));
        tokens.put("no key verifies it (of nobody's key)",
                Signer.rsa().token("{\"alg\":\"RS256\",\"kid\":\"one\"}", "{\"aud\":\"web\"," + right + "}"));
        tokens.put("no key verifies it (none)", Signer.encode("{\"alg\":\"none\"}") + ".@claims@.");
        tokens.put("no key verifies it (HS256 by the public key)",
                ISSUERS.tokenByHmacWithPublicKey(ISSUERS.keys().getPublic().getEncoded(), "{\"aud\":\"web\"," + right + "}"));
        tokens.put("not three parts", "x");
        return tokens.entrySet().stream().map(token -> new Object[] {token.getKey(), token.getValue()});
    }

    @Test
    void malformedTokenDoesNotReachTheIssuer() {
        assertThatThrownBy(() -> decide("x.y.z")).isInstanceOf(Unauthorized.class);
        assertThat(requests).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 500})
    void failureOfTheIssuerIsNoRefusal(int failure) {
        status = failure;

        assertThatThrownBy(() -> decide(token(claims("\"aud\":\"web\""))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the answer has status " + failure);
        assertThat(requests).hasValue(1);
    }

    @Test
    void documentThatIsTooLongIsNotRead() {
        padding = IssuerKeys.LONGEST_DOCUMENT;

        assertThatThrownBy(() -> decide(token(claims("\"aud\":\"web\"")))).isInstanceOf(IOException.class).hasMessageContaining("longer");
    }

    @Test
    void issuerWhoseCertificateNobodyTrustsIsNotBelieved() {
        assertThatThrownBy(() -> decide(handler(null), token(claims("\"aud\":\"web\""))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no connection");
        assertThat(requests).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://login.example.com", "login.example.com", "https://", "https://u@login.example.com",
        "https://login.example.com?x", "https://login.example.com#x", "a b"})
    void issuerMustBeAnHttpsUrl(String issuer) {
        assertThatThrownBy(() -> new JwtAuthorizerHandler(
                        new Configuration(Map.of("JWT_ISSUER", issuer, "JWT_AUDIENCE", "web")), new HttpCalls(), Clock.systemUTC()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("set it to the issuer's https URL");
        assertThatThrownBy(() -> new JwtAuthorizerHandler(
                        new Configuration(Map.of("JWT_ISSUER", server.url(), "JWT_AUDIENCE", " , ")),
                        new HttpCalls(),
                        Clock.systemUTC()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("JWT_AUDIENCE");
    }

    @Test
    void primingVerifiesTokensAndAsksNobody() throws IOException {
        Invocation invocation = new Invocation();

        JwtAuthorizerHandler.prime(invocation);
        handler.checkpoint().beforeCheckpoint(null);

        assertThat(invocation.logged()).isEmpty();
        assertThat(requests).hasValue(0);
        assertThat(decide(token(claims("\"aud\":\"web\""))).answer().at("/principalId").asText()).isEqualTo("ada");
    }

    private String claims(String others) {
        return "{\"iss\":\"%s\",\"sub\":\"ada\",\"iat\":%d,\"exp\":%d,%s}".formatted(server.url(), SECOND, SECOND + 3600, others);
    }

    private static String token(String claims) {
        return ISSUERS.token("{\"alg\":\"RS256\",\"kid\":\"one\"}", claims);
    }

    private Decision decide(String token) throws IOException {
        return decide(handler, token);
    }

    private static Decision decide(JwtAuthorizerHandler environment, String token) throws IOException {
        return Decision.of(environment, "authorize-rest-request", "Bearer " + token, PATH);
    }

    private JwtAuthorizerHandler handler(SSLContext trust) {
        return new JwtAuthorizerHandler(
                new Configuration(Map.of("JWT_ISSUER", server.url(), "JWT_AUDIENCE", "web, warehouse")),
                new HttpCalls(trust),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }
}
