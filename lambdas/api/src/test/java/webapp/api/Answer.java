package webapp.api;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import webapp.core.testing.Invocation;

/** What a function answered to an event, which is as the {@link Contract} says. */
public record Answer(int status, JsonNode headers, JsonNode body, String text, String logged) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param placeholders what stands for {@code @name@} in the event's texts */
    public static Answer of(RequestStreamHandler handler, String event, Map<String, String> placeholders) {
        return of(handler, event, placeholders, new Invocation());
    }

    public static Answer of(
            RequestStreamHandler handler, String event, Map<String, String> placeholders, Invocation invocation) {
        try {
            String text = Files.readString(Path.of("src/test/resources/events", event + ".json"));
            for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
                String quoted = JSON.writeValueAsString(placeholder.getValue());
                text = text.replace("@" + placeholder.getKey() + "@", quoted.substring(1, quoted.length() - 1));
            }
            return ofEvent(handler, text, invocation);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static Answer ofEvent(RequestStreamHandler handler, String event) {
        return ofEvent(handler, event, new Invocation());
    }

    public static Answer ofEvent(RequestStreamHandler handler, String event, Invocation invocation) {
        try {
            JsonNode json = JSON.readTree(invocation.run(handler, event));
            String body = json.path("body").asText(null);
            JsonNode cookies = json.has("cookies") ? json.get("cookies") : json.at("/multiValueHeaders/Set-Cookie");
            ObjectNode headers = json.get("headers").deepCopy();
            cookies.forEach(cookie -> headers.put("Set-Cookie", cookie.asText()));
            Answer answer = new Answer(
                    json.get("statusCode").asInt(),
                    headers,
                    body == null ? MissingNode.getInstance() : JSON.readTree(body),
                    body,
                    invocation.logged());
            Contract.check(event, answer);
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public String header(String name) {
        return headers.path(name).asText(null);
    }

    public String member(String name) {
        return body.path(name).asText(null);
    }

    /** @return the detail of the error at a pointer, null if there is none */
    public String error(String pointer) {
        for (JsonNode error : body.path("errors")) {
            if (error.get("pointer").asText().equals(pointer)) {
                return error.get("detail").asText();
            }
        }
        return null;
    }
}
