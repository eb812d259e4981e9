package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openapitools.openapidiff.core.OpenApiCompare;
import org.openapitools.openapidiff.core.model.ChangedOpenApi;

/** The contract is complete, and no client of the last release is broken by it. */
class ContractRulesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void contractKeepsEveryRule() throws IOException {
        assertThat(faults(contract -> {})).isEmpty();
    }

    @Test
    void contractWithBackupsKeepsEveryRule() throws IOException {
        ObjectNode contract = Contracts.withBackups();

        assertThat(ContractRules.faults(contract, Files.readString(CHECKOUT.resolve("docs/problems.md")))).isEmpty();
        assertThat(contract.findValues("$ref")).allSatisfy(
                reference -> assertThat(contract.at(reference.asText().substring(1)).isMissingNode()).as(reference.asText()).isFalse());
    }

    static Stream<Arguments> brokenRules() {
        return Stream.of(
                broken("GET /users needs an operationId in camel case.", c -> operation(c, "/users", "get").put("operationId", "list-users")),
                broken("GET /users shares its operationId", c -> operation(c, "/users", "get").put("operationId", "registerUser")),
                broken("GET /users needs a summary", c -> operation(c, "/users", "get").remove("summary")),
                broken("GET /users needs one of the declared tags", c -> operation(c, "/users", "get").putArray("tags").add("other")),
                broken("GET /users must say who may call it", c -> operation(c, "/users", "get").remove("security")),
                broken("parameter category needs a description", c -> parameter(c, "/products", 2).remove("description")),
                broken("parameter category needs an example", c -> parameter(c, "/products", 2).remove("example")),
                broken("parameter limit needs an example, or a minimum", c -> at(c, "/components/parameters/Limit/schema").remove("maximum")),
                broken("POST /users needs an example of its request body", c -> at(c, "/paths/~1users/post/requestBody/content/application~1json").remove("example")),
                broken("POST /users must refuse unknown members", c -> at(c, "/components/schemas/RegisterUser").remove("additionalProperties")),
                broken("GET /health/live lacks the answers 504", c -> at(c, "/paths/~1health~1live/get/responses").remove("504")),
                broken("POST /users lacks the answers 415", c -> at(c, "/paths/~1users/post/responses").remove("415")),
                broken("GET /products lacks the answers 400", c -> at(c, "/paths/~1products/get/responses").remove("400")),
                broken("POST /orders lacks the answers 400", c -> {
                    operation(c, "/orders", "post").remove("requestBody");
                    at(c, "/paths/~1orders/post/responses").remove("400");
                }),
                broken("GET /orders lacks the answers 401", c -> at(c, "/paths/~1orders/get/responses").remove("401")),
                broken("GET /users lacks the answers 403", c -> at(c, "/paths/~1users/get/responses").remove("403")),
                broken("answer default is no status", c -> at(c, "/paths/~1users/get/responses").putObject("default").put("description", "x")),
                broken("answer 200 needs an example", c -> at(c, "/paths/~1users/get/responses/200/content/application~1json").remove("example")),
                broken("answer 200 needs a description", c -> at(c, "/paths/~1users/get/responses/200").remove("description")),
                broken("answer 304 has no body", c -> at(c, "/components/responses/NotModified").putObject("content")),
                broken("answer 405 must be a problem document", c -> at(c, "/components/responses/MethodNotAllowed").remove("content")),
                broken("answer 405 needs an example with a type", c -> at(c, "/components/responses/MethodNotAllowed/content/application~1problem+json/example")
                        .put("type", "/problems/unknown")),
                broken("answer 405 needs an example with a type", c -> at(c, "/components/responses/MethodNotAllowed/content/application~1problem+json/example")
                        .put("status", 404)),
                broken("^\\S$ means something else to each engine", c -> at(c, "/components/schemas/RegisterUser/properties/name").put("pattern", "^\\S$")),
                broken("means something else to each engine", c -> at(c, "/components/schemas/RegisterUser/properties/name").put("pattern", "^[^\\s]$")),
                broken("means something else to each engine", c -> at(c, "/components/schemas/RegisterUser/properties/name").put("pattern", "^[.].$")),
                broken("answer 429 must tell when to try again", c -> at(c, "/components/responses/TooManyRequests").remove("headers")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenRules")
    void brokenRuleIsNamed(String fault, Consumer<ObjectNode> change) throws IOException {
        assertThat(faults(change)).anySatisfy(found -> assertThat(found).contains(fault));
    }

    // ---------------------------------------------------------------- compatibility

    @Test
    void clientsOfTheLastReleaseGoOnWorking() throws IOException {
        assertThat(breakingChanges(released(), Contracts.application())).isEmpty();
    }

    static Stream<Consumer<ObjectNode>> breakingChanges() {
        return Stream.of(
                c -> at(c, "/paths").remove("/users"),
                c -> at(c, "/paths/~1users").remove("get"),
                c -> ((ArrayNode) at(c, "/components/schemas/RegisterUser").get("required")).add("phone"),
                c -> at(c, "/components/schemas/RegisterUser/properties").remove("phone"),
                c -> at(c, "/components/schemas/RegisterUser/properties/phone").put("pattern", "^[0-9]+$"),
                c -> at(c, "/components/schemas/User/properties").remove("email"),
                c -> at(c, "/components/schemas/User/properties/name").put("type", "integer"),
                c -> at(c, "/components/parameters/IdempotencyKey").put("required", true),
                c -> ((ArrayNode) operation(c, "/users", "get").get("parameters")).removeAll(),
                c -> at(c, "/paths/~1users/post/responses").remove("201"));
    }

    @ParameterizedTest
    @MethodSource("breakingChanges")
    void breakingChangeIsRefused(Consumer<ObjectNode> change) throws IOException {
        ObjectNode changed = released();
        change.accept(changed);

        assertThat(breakingChanges(released(), changed)).isNotEmpty();
    }

    private static List<String> breakingChanges(ObjectNode before, ObjectNode after) throws IOException {
        ChangedOpenApi changes = OpenApiCompare.fromContents(YAML.writeValueAsString(before), YAML.writeValueAsString(after));
        return Stream.of(
                changes.getMissingEndpoints().stream().map(endpoint -> endpoint.getMethod() + " " + endpoint.getPathUrl() + " is gone"),
                changes.getChangedOperations().stream().filter(operation -> operation.isIncompatible())
                        .map(operation -> operation.getHttpMethod() + " " + operation.getPathUrl() + " breaks its clients"),
                narrowed("", before, after).stream()).flatMap(found -> found).toList();
    }

    /** What the comparison above lets pass: a member that a closed object no longer takes, and a form that is no longer the same. */
    private static List<String> narrowed(String pointer, JsonNode before, JsonNode after) {
        List<String> found = new ArrayList<>();
        if (after.isMissingNode()) {
            return found;
        }
        for (String keyword : List.of("pattern", "minLength", "format")) {
            if (before.has("type") && before.has(keyword) && !before.get(keyword).equals(after.path(keyword))) {
                found.add(pointer + " has another " + keyword);
            }
        }
        before.properties().forEach(member -> {
            JsonNode now = after.path(member.getKey());
            if (pointer.endsWith("/properties") && now.isMissingNode()) {
                found.add(pointer + "/" + member.getKey() + " is gone");
            } else if (member.getValue().isObject()) {
                found.addAll(narrowed(pointer + "/" + member.getKey(), member.getValue(), now));
            }
        });
        return found;
    }

    // ---------------------------------------------------------------- documents

    private static List<String> faults(Consumer<ObjectNode> change) throws IOException {
        ObjectNode contract = Contracts.application();
        change.accept(contract);
        return ContractRules.faults(contract, Files.readString(CHECKOUT.resolve("docs/problems.md")));
    }

    /** The contract of the last release; before the first one, that of the last commit that promised one. CONTRIBUTING.md says when it changes. */
    private static ObjectNode released() throws IOException {
        return (ObjectNode) YAML.readTree(ContractRulesTest.class.getResource("/contract/released.yaml"));
    }

    private static ObjectNode at(ObjectNode contract, String pointer) {
        return (ObjectNode) contract.requiredAt(pointer);
    }

    private static ObjectNode operation(ObjectNode contract, String path, String method) {
        return at(contract, "/paths/" + path.replace("/", "~1") + "/" + method);
    }

    private static ObjectNode parameter(ObjectNode contract, String path, int index) {
        return (ObjectNode) operation(contract, path, "get").get("parameters").get(index);
    }

    private static Arguments broken(String fault, Consumer<ObjectNode> change) {
        return Arguments.of(fault, change);
    }
}
