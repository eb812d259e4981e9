package webapp.api.session;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import webapp.api.Contract;
import webapp.core.testing.Invocation;

/** Asks the session's function, as a REST API hands it a browser's requests; each answer is as the {@link Contract} says. */
final class Browser {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RequestStreamHandler handler;
    private final Duration timeout;
    private final StringBuilder log = new StringBuilder();

    Browser(RequestStreamHandler handler) {
        this(handler, Duration.ofSeconds(10));
    }

    /** @param timeout of the function */
    Browser(RequestStreamHandler handler, Duration timeout) {
        this.handler = handler;
        this.timeout = timeout;
    }

    /** @param cookies values of Set-Cookie */
    record Answer(int status, JsonNode headers, List<String> cookies, String text) {
        String type() {
            return body().path("type").asText();
        }

        String error(String pointer) {
            for (JsonNode error : body().path("errors")) {
                if (error.path("pointer").asText().equals(pointer)) {
                    return error.path("detail").asText();
                }
            }
            return null;
        }

        JsonNode body() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String refreshToken() {
            return cookies.getFirst().replaceAll("__Host-refresh=([^;]*);.*", "$1");
        }
    }

    Answer post(String path, Map<String, String> members) {
        ObjectNode body = JSON.createObjectNode();
        members.forEach(body::put);
        return post(path, body.toString(), Map.of("Content-Type", "application/json"));
    }

    /** Without a body. */
    Answer post(String path, String cookies) {
        return post(path, null, cookies == null ? Map.of() : Map.of("Cookie", cookies));
    }

    Answer post(String path, String body, Map<String, String> headers) {
        ObjectNode event = JSON.createObjectNode();
        event.put("httpMethod", "POST").put("resource", path).put("path", path).put("body", body).put("isBase64Encoded", false);
        ObjectNode values = event.putObject("multiValueHeaders");
        headers.forEach((name, value) -> values.putArray(name).add(value));
        event.putObject("requestContext").put("requestId", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef");
        return run(event.toString());
    }

    Answer run(String event) {
        try {
            Invocation invocation = new Invocation(timeout);
            JsonNode answer = JSON.readTree(invocation.run(handler, event));
            log.append(invocation.logged());
            JsonNode cookies = answer.has("cookies") ? answer.get("cookies") : answer.at("/multiValueHeaders/Set-Cookie");
            List<String> values = JSON.convertValue(cookies.isArray() ? cookies : JSON.createArrayNode(), JSON.getTypeFactory()
                    .constructCollectionType(List.class, String.class));
            Answer answered = new Answer(
                    answer.get("statusCode").asInt(), answer.get("headers"), values, answer.path("body").asText());
            check(event, answered);
            return answered;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(String event, Answer answer) {
        ObjectNode headers = answer.headers().deepCopy();
        answer.cookies().forEach(cookie -> headers.put("Set-Cookie", cookie));
        boolean empty = answer.text().isEmpty();
        Contract.check(event, new webapp.api.Answer(
                answer.status(), headers, empty ? MissingNode.getInstance() : answer.body(), empty ? null : answer.text(), ""));
    }

    /** What the function logged so far. */
    String logged() {
        return log.toString();
    }
}
