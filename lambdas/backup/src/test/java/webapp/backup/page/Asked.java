package webapp.backup.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import webapp.core.testing.Invocation;

/** A request of the page as API Gateway hands it to the function, and its answer, which is as the contract says. */
final class Asked {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode CONTRACT = contract();

    private final String method;
    private final String resource;
    private final ObjectNode event = JSON.createObjectNode();

    /** @param inTime whether it came before API Gateway would have given up */
    record Answer(int status, JsonNode headers, JsonNode body, String logged, boolean inTime) {
        String type() {
            return body.path("type").asText().replace("/problems/", "");
        }
    }

    private Asked(String method, String resource) {
        this.method = method;
        this.resource = resource;
        event.put("httpMethod", method).put("resource", resource);
    }

    static Asked list() {
        return new Asked("GET", "/backups");
    }

    static Asked run(String database, String key) {
        return new Asked("POST", "/backups/{database}/runs").path("database", database).header("Idempotency-Key", key);
    }

    static Asked drill(String database, String key) {
        return new Asked("POST", "/backups/{database}/drills").path("database", database).header("Idempotency-Key", key);
    }

    static Asked hold(String database, String slot, String body) {
        Asked asked = new Asked("PUT", "/backups/{database}/slots/{slot}/hold")
                .path("database", database)
                .path("slot", slot)
                .header("Content-Type", "application/json");
        asked.event.put("body", body);
        return asked;
    }

    static Asked release(String database, String slot) {
        return new Asked("DELETE", "/backups/{database}/slots/{slot}/hold").path("database", database).path("slot", slot);
    }

    private Asked path(String name, String value) {
        event.withObject("/pathParameters").put(name, value);
        return this;
    }

    private Asked header(String name, String value) {
        if (value != null) {
            event.withObject("/headers").put(name, value);
        }
        return this;
    }

    Asked by(String subject, String... groups) {
        ObjectNode claims = event.withObject("/requestContext/authorizer/claims");
        claims.put("iss", "https://issuer.example.com").put("aud", "web-client").put("token_use", "id").put("sub", subject);
        if (groups.length > 0) {
            claims.put("cognito:groups", String.join(",", groups));
        }
        return this;
    }

    Answer of(RequestStreamHandler handler) {
        Invocation invocation = new Invocation(Duration.ofSeconds(29));
        try {
            JsonNode json = JSON.readTree(invocation.run(handler, event.toString()));
            JsonNode body = json.has("body") ? JSON.readTree(json.get("body").asText()) : MissingNode.getInstance();
            Answer answer = new Answer(
                    json.get("statusCode").asInt(), json.get("headers"), body, invocation.logged(), invocation.getRemainingTimeInMillis() > 0);
            check(answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---------------------------------------------------------------- the contract

    private void check(Answer answer) {
        String where = method + " " + resource + " " + answer.status();
        JsonNode operation = CONTRACT.get("paths").path(resource).path(method.toLowerCase(Locale.ROOT));
        JsonNode response = resolved(operation.path("responses").path(Integer.toString(answer.status())));
        assertThat(response.isMissingNode()).as(where + " stands in the contract").isFalse();
        validate(where, answer.body(), response.get("content").get(answer.headers().get("Content-Type").asText()).get("schema"));
    }

    /** The contract's own examples. */
    static void checkExamples() {
        CONTRACT.get("paths").properties().stream().filter(path -> path.getKey().startsWith("/backups")).forEach(path ->
                path.getValue().properties().forEach(method -> method.getValue().get("responses").properties().forEach(response ->
                        resolved(response.getValue()).get("content").properties().forEach(content -> validate(
                                path.getKey() + " " + response.getKey(), content.getValue().get("example"), content.getValue().get("schema"))))));
    }

    /** The keywords of JSON Schema that these operations use. A member that the contract lacks is an error: clients may come to rely on it. */
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
            case "array" -> value.forEach(element -> validate(where + "/*", element, schema.get("items")));
            case "integer" -> assertThat(value.isIntegralNumber()).as(where + " is an integer").isTrue();
            case "boolean" -> assertThat(value.isBoolean()).as(where + " is a boolean").isTrue();
            case "string" -> {
                assertThat(value.isTextual()).as(where + " is a string").isTrue();
                if (schema.path("format").asText().equals("date-time")) {
                    assertThat(Instant.parse(value.asText())).as(where).isNotNull();
                }
                if (schema.has("enum")) {
                    assertThat(schema.get("enum")).as(where).anyMatch(allowed -> allowed.equals(value));
                }
            }
            default -> throw new IllegalStateException("the contract has a type that this does not know: " + schema);
        }
    }

    private static JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? CONTRACT.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** Of the reference application, with what backups add to it. */
    private static JsonNode contract() {
        Path checkout = Path.of(System.getProperty("checkout.directory"));
        try {
            ObjectNode contract = (ObjectNode) new YAMLMapper().readTree(checkout.resolve("lambdas/api/openapi.yaml").toFile());
            ObjectNode backups = (ObjectNode) new YAMLMapper().readTree(checkout.resolve("lambdas/backup/openapi.yaml").toFile());
            for (String part : new String[] {"/paths", "/components/parameters", "/components/responses", "/components/schemas"}) {
                contract.withObject(part).setAll((ObjectNode) backups.at(part));
            }
            return contract;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
