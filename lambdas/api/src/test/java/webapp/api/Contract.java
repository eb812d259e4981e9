package webapp.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/** The contract of the API: every answer that a test gets from a function is held against it. */
public final class Contract {
    private static final JsonNode CONTRACT = read();

    private Contract() {}

    /** A part of the document, by its JSON pointer. */
    public static JsonNode at(String pointer) {
        return CONTRACT.at(pointer);
    }

    /** Asks for each operation below the paths, with nothing that it needs; each is answered, and as the contract says. */
    public static void assertEveryOperationIsAnswered(RequestStreamHandler handler, String... paths) {
        List<String> operations = new ArrayList<>();
        CONTRACT.get("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> {
            for (String prefix : paths) {
                if (path.getKey().equals(prefix) || path.getKey().startsWith(prefix + "/")) {
                    operations.add(method.getValue().get("operationId").asText());
                    Answer answer = Answer.ofEvent(handler, "{\"httpMethod\":\"%s\",\"resource\":\"%s\"}"
                            .formatted(method.getKey().toUpperCase(Locale.ROOT), path.getKey()));
                    assertThat(answer.member("type")).isNotIn("/problems/not-found", "/problems/method-not-allowed");
                }
            }
        }));
        assertThat(operations).isNotEmpty();
    }

    /** @throws AssertionError if the contract does not have this answer to this event; an event for no operation is left alone */
    public static void check(String event, Answer answer) {
        String[] operation = operation(event);
        JsonNode documented = operation == null ? null : CONTRACT.get("paths").path(operation[1]).get(operation[0]);
        if (documented == null) {
            return;
        }
        String where = operation[0] + " " + operation[1] + " " + answer.status();
        JsonNode response = resolved(documented.path("responses").path(Integer.toString(answer.status())));
        assertThat(response.isMissingNode()).as(where + " stands in the contract").isFalse();
        response.path("headers").properties().forEach(header -> {
            if (resolved(header.getValue()).path("required").asBoolean()) {
                assertThat(answer.header(header.getKey())).as(where + " has header " + header.getKey()).isNotNull();
            }
        });
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(answer.text()).as(where + " has no body").isNull();
            assertThat(answer.header("Content-Type")).as(where + " has no media type").isNull();
            return;
        }
        assertThat(content.has(answer.header("Content-Type"))).as(where + " has the media type " + answer.header("Content-Type")).isTrue();
        validate(where, answer.body(), content.get(answer.header("Content-Type")).get("schema"));
    }

    private static String[] operation(String event) {
        try {
            JsonNode json = new ObjectMapper().readTree(event);
            String route = json.has("routeKey")
                    ? json.get("routeKey").asText()
                    : json.path("httpMethod").asText() + " " + json.path("resource").asText();
            String[] parts = route.split(" ", 2);
            return parts.length < 2 ? null : new String[] {parts[0].toLowerCase(Locale.ROOT), parts[1]};
        } catch (IOException e) {
            return null;
        }
    }

    /** The keywords of JSON Schema that the contract uses. A member that it does not know is an error, since clients may come to rely on it. */
    private static void validate(String where, JsonNode value, JsonNode referring) {
        JsonNode schema = resolved(referring);
        switch (schema.get("type").asText()) {
            case "object" -> {
                assertThat(value.isObject()).as(where + " is an object").isTrue();
                schema.path("required").forEach(name -> assertThat(value.has(name.asText())).as(where + "/" + name.asText()).isTrue());
                value.properties().forEach(member -> {
                    JsonNode known = schema.get("properties").path(member.getKey());
                    assertThat(known.isMissingNode()).as(where + "/" + member.getKey() + " stands in the contract").isFalse();
                    validate(where + "/" + member.getKey(), member.getValue(), known);
                });
            }
            case "array" -> {
                assertThat(value.isArray()).as(where + " is an array").isTrue();
                assertThat(value.size()).as(where).isBetween(
                        schema.path("minItems").asInt(0), schema.path("maxItems").asInt(Integer.MAX_VALUE));
                value.forEach(element -> validate(where + "/*", element, schema.get("items")));
            }
            case "integer" -> {
                assertThat(value.isIntegralNumber()).as(where + " is an integer").isTrue();
                assertThat(value.asLong()).as(where).isBetween(
                        schema.path("minimum").asLong(Long.MIN_VALUE), schema.path("maximum").asLong(Long.MAX_VALUE));
            }
            case "string" -> {
                assertThat(value.isTextual()).as(where + " is a string").isTrue();
                validateText(where, value.asText(), schema);
            }
            default -> throw new IllegalStateException("the contract has a type that this does not know: " + schema);
        }
    }

    private static void validateText(String where, String text, JsonNode schema) {
        if (schema.has("enum")) {
            assertThat(schema.get("enum")).as(where).anyMatch(allowed -> allowed.asText().equals(text));
        }
        if (schema.has("pattern")) {
            assertThat(Pattern.compile(schema.get("pattern").asText()).matcher(text).find()).as(where + ": " + text).isTrue();
        }
        switch (schema.path("format").asText()) {
            case "uuid" -> assertThat(UUID.fromString(text).toString()).as(where).isEqualTo(text);
            case "date-time" -> assertThat(Instant.parse(text)).as(where).isNotNull();
            default -> { }
        }
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? CONTRACT.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** The contract's examples of answers, which are held against it too. */
    static Map<String, Integer> checkExamples() {
        Map<String, Integer> checked = new TreeMap<>();
        CONTRACT.get("paths").properties().forEach(path -> path.getValue().properties().forEach(method ->
                method.getValue().get("responses").properties().forEach(response ->
                        resolved(response.getValue()).path("content").properties().forEach(content -> {
                            String where = method.getValue().get("operationId").asText() + " " + response.getKey();
                            validate(where, content.getValue().get("example"), content.getValue().get("schema"));
                            checked.merge(method.getValue().get("operationId").asText(), 1, Integer::sum);
                        }))));
        return checked;
    }

    private static JsonNode read() {
        try {
            // Unlike Jackson's reader, this one knows aliases.
            Object document = new Yaml().load(
                    Files.readString(Path.of(System.getProperty("checkout.directory"), "lambdas/api/openapi.yaml")));
            return new ObjectMapper().valueToTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
