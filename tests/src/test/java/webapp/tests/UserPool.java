package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stack's people and machines: signed up and in as they would be, and as an administrator would. */
final class UserPool {
    static final String PASSWORD = "correct horse battery staple";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AppliedStack stack;
    private final ApiClient api;
    private final JsonNode output;

    UserPool(AppliedStack stack) {
        this.stack = stack;
        this.api = new ApiClient(stack.url());
        this.output = stack.terraform().outputObject("user_pool");
    }

    /** A pool of another stack, whose people sign in to this client. */
    UserPool(AppliedStack stack, String id, String client) {
        this.stack = stack;
        this.api = new ApiClient(stack.url());
        this.output = JSON.createObjectNode().put("id", id).put("client_id", client);
    }

    String id() {
        return output.path("id").asText();
    }

    String webClient() {
        return output.path("client_id").asText();
    }

    /** A person who has signed up and is confirmed, through the API. */
    String person() {
        String email = "person-" + UUID.randomUUID() + "@example.com";
        assertThat(confirm(signUp(email, PASSWORD), mailedCode(email)).statusCode()).isEqualTo(204);
        return email;
    }

    /** A person who may see and steer the backups. */
    String operator() {
        String email = person();
        String account = admin("ListUsers", Map.of("UserPoolId", id(), "Filter", "email = \"" + email + "\"")).at("/Users/0/Username").asText();
        admin("AdminAddUserToGroup", Map.of("UserPoolId", id(), "GroupName", "operators", "Username", account));
        return email;
    }

    /** The id of the account that this sign-up made. */
    String signUp(String email, String password) {
        HttpResponse<String> answer = post("/api/session/sign-up", Map.of("email", email, "password", password));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return ApiClient.json(answer).path("accountId").asText();
    }

    HttpResponse<String> confirm(String accountId, String code) {
        return post("/api/session/confirm", Map.of("accountId", accountId, "code", code));
    }

    /** The answer of signIn. */
    JsonNode signIn(String email) {
        HttpResponse<String> answer = post("/api/session/sign-in", Map.of("email", email, "password", PASSWORD));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ApiClient.json(answer);
    }

    String idToken(String email) {
        return signIn(email).path("idToken").asText();
    }

    HttpResponse<String> post(String path, Map<String, ?> body) {
        return api.send("POST", path, text(body));
    }

    /** The code of the last mail to an address, where the laptop keeps what AWS would send. */
    String mailedCode(String email) {
        String mails = stack.aws("ses", "GET", "/_ministack/ses/messages", Map.of(), "").body();
        String code = null;
        for (JsonNode account : tree(mails).path("messages")) {
            for (JsonNode mail : account) {
                Matcher digits = Pattern.compile("\\b[0-9]{6}\\b").matcher(mail.path("BodyText").asText());
                if (mail.path("To").toString().contains(email) && digits.find()) {
                    code = digits.group();
                }
            }
        }
        assertThat(code).as("a mail to " + email).isNotNull();
        return code;
    }

    /** An operation of Cognito, called by an administrator. */
    JsonNode admin(String operation, Map<String, ?> parameters) {
        HttpResponse<String> answer = stack.aws("cognito-idp", "POST", "/", Map.of("Content-Type", "application/x-amz-json-1.1",
                "X-Amz-Target", "AWSCognitoIdentityProviderService." + operation), text(parameters));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return tree(answer.body());
    }

    /** A machine's access token, for a client of the pool and its secret. */
    String machineToken(String clientId, String scope) {
        String secret = admin("DescribeUserPoolClient", Map.of("UserPoolId", id(), "ClientId", clientId))
                .at("/UserPoolClient/ClientSecret").asText();
        HttpRequest request = HttpRequest.newBuilder(stack.localAws().resolve("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Authorization", "Basic " + Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes(StandardCharsets.UTF_8)))
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=" + URLEncoder.encode(scope, StandardCharsets.UTF_8)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return tree(answer.body()).path("access_token").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String warehouse() {
        return output.at("/machine_client_ids/warehouse").asText();
    }

    static String text(Map<String, ?> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A token with one character of its payload or signature changed. */
    static String tampered(String token, int part) {
        String[] parts = token.split("\\.");
        char[] text = parts[part].toCharArray();
        int middle = text.length / 2;
        text[middle] = text[middle] == 'A' ? 'B' : 'A';
        parts[part] = new String(text);
        return String.join(".", parts);
    }

}
