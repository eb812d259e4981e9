package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** {@code examples/http-api}, applied as it is: what an HTTP API answers itself, and what it lets through to the function. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HttpApiExampleTest {
    private static final String EMAIL = "ada@example.com";

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private AppliedStack stack;
    private UserPool pool;
    private URI url;

    @BeforeAll
    void apply() throws Exception {
        stack = AppliedStack.startAlone("examples/http-api");
        url = URI.create(stack.terraform().output("url"));
        pool = new UserPool(stack, stack.terraform().output("user_pool_id"), stack.terraform().output("user_pool_client_id"));
        pool.admin("AdminCreateUser", Map.of("UserPoolId", pool.id(), "Username", "ada", "MessageAction", "SUPPRESS",
                "UserAttributes", List.of(Map.of("Name", "email", "Value", EMAIL), Map.of("Name", "email_verified", "Value", "true"))));
        pool.admin("AdminSetUserPassword", Map.of("UserPoolId", pool.id(), "Username", "ada", "Password", UserPool.PASSWORD, "Permanent", true));
    }

    @AfterAll
    void stop() {
        client.close();
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void pathsAreThoseOfARestApi() {
        assertThat(url.getPath()).isEqualTo("/api");
        assertThat(url.getHost()).endsWith(".amazonaws.com");
    }

    @Test
    void everybodyAsksWhetherTheApiIsUp() {
        HttpResponse<String> answer = get("/status");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"status\":\"up\"}");
    }

    @Test
    void tokenThatIsNoneIsRefusedByApiGateway() {
        assertRefused(401, "Unauthorized", get("/caller"));
        assertRefused(401, "Unauthorized", get("/caller", "Authorization", "Bearer not.a.token"));
        assertRefused(401, "Unauthorized", get("/caller", "Authorization", "Bearer " + UserPool.tampered(token(pool.webClient(), "IdToken"), 2)));
    }

    @Test
    void tokenForAnotherAudienceIsRefusedByApiGateway() {
        String another = pool.admin("CreateUserPoolClient", Map.of("UserPoolId", pool.id(), "ClientName", "another",
                "ExplicitAuthFlows", List.of("ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"))).at("/UserPoolClient/ClientId").asText();

        assertRefused(401, "Unauthorized", get("/caller", "Authorization", "Bearer " + token(another, "IdToken")));
        assertRefused(401, "Unauthorized", get("/caller", "Authorization", "Bearer " + token(another, "AccessToken")));
    }

    @Test
    void accessTokenIsRefusedByTheFunction() {
        ApiClient.assertProblem(get("/caller", "Authorization", "Bearer " + token(pool.webClient(), "AccessToken")), 401);
    }

    @Test
    void idTokenTellsTheFunctionWhoCalls() {
        HttpResponse<String> answer = get("/caller", "Authorization", "Bearer " + token(pool.webClient(), "IdToken"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode caller = ApiClient.json(answer);
        assertThat(caller.path("clientId").asText()).isEqualTo(pool.webClient());
        assertThat(caller.path("issuer").asText()).endsWith("/" + pool.id());
        assertThat(caller.path("subject").asText()).isNotBlank();
    }

    @Test
    void unknownPathAndMethodAreNotFound() {
        assertRefused(404, "Not Found", get("/nothing"));
        assertRefused(404, "Not Found", send(request("/status").POST(HttpRequest.BodyPublishers.noBody())).join());
    }

    @Test
    void moreThanTheRouteTakesAtOnceIsRefusedThereAlone() {
        List<CompletableFuture<HttpResponse<String>>> sent = IntStream.range(0, 40).mapToObj(i -> send(request("/status"))).toList();
        List<HttpResponse<String>> answers = sent.stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200, 429);
        answers.stream().filter(answer -> answer.statusCode() == 429).forEach(answer -> assertRefused(429, "Too Many Requests", answer));
        assertRefused(401, "Unauthorized", get("/caller"));
        // For good: a clock set back would fill no bucket.
        stack.setClockAhead(60);
        assertThat(get("/status").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void whatLeavesTheContractLeavesTheApi() {
        assertThat(stack.terraform().plannedChanges()).as(() -> stack.terraform().plannedAttributes().toString()).isEmpty();

        stack.replace("examples/http-api/openapi.yaml", "  /status:", "  /state:");
        stack.terraform().apply();

        assertRefused(404, "Not Found", get("/status"));
        // The function has no such path; that it says so shows that API Gateway has one.
        ApiClient.assertProblem(get("/state"), 404);
    }

    private String token(String clientId, String kind) {
        return pool.admin("InitiateAuth", Map.of("ClientId", clientId, "AuthFlow", "USER_PASSWORD_AUTH",
                "AuthParameters", Map.of("USERNAME", EMAIL, "PASSWORD", UserPool.PASSWORD))).at("/AuthenticationResult/" + kind).asText();
    }

    private static void assertRefused(int status, String message, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("{\"message\":\"" + message + "\"}");
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = request(path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request).join();
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** On the laptop the API's name ends in localhost and the port, where it ends in the region's domain on AWS. */
    private HttpRequest.Builder request(String path) {
        String host = url.getHost().replaceFirst("\\.execute-api\\..*", ".execute-api.localhost:" + stack.localAws().getPort());
        return HttpRequest.newBuilder(stack.localAws().resolve(url.getPath() + path)).header("Host", host);
    }
}
