package webapp.api.authorizer;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import webapp.core.testing.Invocation;

/** What an authorizer answered to an event of {@code src/test/resources/events}, and what API Gateway would make of it. */
record Decision(JsonNode answer, String logged) {
    static final String STAGE = "arn:aws:execute-api:eu-central-1:000000000000:abcdef1234/api";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws Unauthorized as the handler does */
    static Decision of(RequestStreamHandler handler, String event, String credentials, String path) throws IOException {
        return of(handler, event, credentials, path, new Invocation());
    }

    static Decision of(RequestStreamHandler handler, String event, String credentials, String path, Invocation invocation)
            throws IOException {
        String text = Files.readString(Path.of("src/test/resources/events", event + ".json"));
        String quoted = JSON.writeValueAsString(credentials);
        return ofEvent(
                handler,
                text.replace("@credentials@", quoted.substring(1, quoted.length() - 1)).replace("@path@", path),
                invocation);
    }

    static Decision ofEvent(RequestStreamHandler handler, String event, Invocation invocation) throws IOException {
        return new Decision(JSON.readTree(invocation.run(handler, event)), invocation.logged());
    }

    /** Decides as IAM does: denied, unless a statement allows it and none denies it. */
    boolean allows(String arn) {
        boolean allowed = false;
        for (JsonNode statement : answer.at("/policyDocument/Statement")) {
            boolean matches = texts(statement.get("Action")).anyMatch(action -> matches(action, "execute-api:Invoke"))
                    && texts(statement.get("Resource")).anyMatch(resource -> matches(resource, arn));
            if (matches && statement.get("Effect").asText().equals("Deny")) {
                return false;
            }
            allowed |= matches && statement.get("Effect").asText().equals("Allow");
        }
        return allowed;
    }

    private static Stream<String> texts(JsonNode oneOrList) {
        return oneOrList.isArray()
                ? StreamSupport.stream(oneOrList.spliterator(), false).map(JsonNode::asText)
                : Stream.of(oneOrList.asText());
    }

    /** An asterisk stands for any characters, slashes too, a question mark for one. */
    private static boolean matches(String pattern, String text) {
        String expression = pattern.chars()
                .mapToObj(character -> switch (character) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(character));
                })
                .collect(Collectors.joining());
        return text.matches("(?s)" + expression);
    }
}
