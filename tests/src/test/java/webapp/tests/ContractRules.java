package webapp.tests;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the contract must have beyond being valid OpenAPI, so that a client's author needs nothing else: every operation says who may call it
 * and every answer it can get, API Gateway's included, with an example of each.
 */
final class ContractRules {
    private static final Pattern OPERATION_ID = Pattern.compile("[a-z]+([A-Z][a-z]+)*");

    /**
     * What stands for other characters in ECMA 262, Java and Python, once the escapes and classes that do not are taken away; and the one
     * pattern that was released with it, which only names of nothing but such characters can tell apart.
     */
    private static final Pattern SHORTHAND = Pattern.compile("\\\\[sSwWdDbB]|[.]");
    private static final String RELEASED = "\\S";
    private static final Pattern READ_ALIKE = Pattern.compile("\\\\[^sSwWdDbB]|\\[(\\\\[^sSwWdDbB]|[^\\\\\\]])*]");

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    /** API Gateway or Lambda can answer these to any request: another method, throttles, faults, an outage, a function that is late. */
    private static final Set<String> EVERYWHERE = Set.of("405", "429", "500", "503", "504");

    private final JsonNode contract;
    private final Map<String, Pattern> problems;
    private final List<String> faults = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private ContractRules(JsonNode contract, Map<String, Pattern> problems) {
        this.contract = contract;
        this.problems = problems;
    }

    /**
     * @param problemList docs/problems.md
     * @return one sentence for each rule that an operation breaks
     */
    static List<String> faults(JsonNode contract, String problemList) {
        Map<String, Pattern> problems = new TreeMap<>();
        Matcher row = Pattern.compile("\\| `(/problems/[a-z-]+)` \\| ([45][0-9x]{2}) \\|").matcher(problemList);
        while (row.find()) {
            problems.put(row.group(1), Pattern.compile(row.group(2).replace("x", "[0-9]")));
        }
        ContractRules rules = new ContractRules(contract, problems);
        contract.get("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> {
            if (METHODS.contains(method.getKey())) {
                rules.check(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(), method.getValue());
            }
        }));
        contract.findValuesAsText("pattern").forEach(pattern -> rules.require(
                pattern.equals(RELEASED) || !SHORTHAND.matcher(READ_ALIKE.matcher(pattern).replaceAll("")).find(), pattern,
                "means something else to each engine: write its characters out, without \\s, \\w, \\d, \\b or a dot"));
        return rules.faults;
    }

    private void check(String name, JsonNode operation) {
        String id = operation.path("operationId").asText();
        require(OPERATION_ID.matcher(id).matches(), name, "needs an operationId in camel case");
        require(ids.add(id), name, "shares its operationId with another operation");
        require(!operation.path("summary").asText().isBlank(), name, "needs a summary");
        require(operation.path("tags").size() == 1 && tags().contains(operation.at("/tags/0").asText()), name, "needs one of the declared tags");
        require(operation.has("security"), name, "must say who may call it, or security: []");
        checkParameters(name, operation);
        checkBody(name, operation);
        checkResponses(name, operation);
    }

    private Set<String> tags() {
        Set<String> tags = new HashSet<>();
        contract.path("tags").forEach(tag -> tags.add(tag.path("name").asText()));
        return tags;
    }

    private void checkParameters(String name, JsonNode operation) {
        for (JsonNode reference : operation.path("parameters")) {
            JsonNode parameter = resolve(reference);
            String of = name + ", parameter " + parameter.path("name").asText();
            require(!parameter.path("description").asText().isBlank(), of, "needs a description");
            JsonNode schema = parameter.path("schema");
            require(schema.path("type").asText().equals("string")
                    ? parameter.has("example")
                    : schema.has("minimum") && schema.has("maximum"), of, "needs an example, or a minimum and a maximum");
        }
    }

    private void checkBody(String name, JsonNode operation) {
        JsonNode body = operation.path("requestBody");
        if (body.isObject()) {
            JsonNode json = body.at("/content/application~1json");
            require(json.has("example"), name, "needs an example of its request body");
            JsonNode schema = resolve(json.path("schema"));
            require(schema.path("additionalProperties").isBoolean() && !schema.path("additionalProperties").asBoolean(), name,
                    "must refuse unknown members of its request body (additionalProperties: false)");
        }
    }

    private void checkResponses(String name, JsonNode operation) {
        JsonNode responses = operation.path("responses");
        Set<String> missing = new TreeSet<>(expected(operation));
        responses.fieldNames().forEachRemaining(missing::remove);
        require(missing.isEmpty(), name, "lacks the answers " + String.join(", ", missing));
        responses.properties().forEach(answer -> {
            int status = answer.getKey().matches("[0-9]{3}") ? Integer.parseInt(answer.getKey()) : 0;
            JsonNode response = resolve(answer.getValue());
            String of = name + ", answer " + answer.getKey();
            require(status != 0, of, "is no status");
            require(!response.path("description").asText().isBlank(), of, "needs a description");
            if (status >= 400) {
                checkProblem(of, status, response);
            } else if (status != 204 && status != 304) {
                require(response.at("/content/application~1json").has("example"), of, "needs an example");
            } else {
                require(!response.has("content"), of, "has no body");
            }
        });
    }

    private Set<String> expected(JsonNode operation) {
        Set<String> expected = new TreeSet<>(EVERYWHERE);
        for (JsonNode reference : operation.path("parameters")) {
            String in = resolve(reference).path("in").asText();
            // A malformed path parameter names nothing: 404. A malformed condition is no condition.
            if (in.equals("query") || resolve(reference).path("required").asBoolean() && in.equals("header")) {
                expected.add("400");
            }
        }
        if (operation.has("requestBody")) {
            expected.addAll(Set.of("400", "413", "415"));
        }
        for (JsonNode requirement : operation.path("security")) {
            requirement.fieldNames().forEachRemaining(scheme -> {
                expected.add("403");
                if (!contract.at("/components/securitySchemes/" + scheme).path("type").asText().equals("apiKey")) {
                    expected.add("401");
                }
            });
        }
        return expected;
    }

    private void checkProblem(String of, int status, JsonNode response) {
        JsonNode problem = response.at("/content/application~1problem+json");
        require(problem.at("/schema/$ref").asText().equals("#/components/schemas/Problem"), of, "must be a problem document");
        JsonNode example = problem.path("example");
        Pattern listed = problems.get(example.path("type").asText());
        require(listed != null && listed.matcher(Integer.toString(status)).matches() && example.path("status").asInt() == status, of,
                "needs an example with a type of docs/problems.md and its status");
        if (status == 429 || status == 503) {
            require(response.at("/headers/Retry-After").isObject(), of, "must tell when to try again (Retry-After)");
        }
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? contract.at(node.get("$ref").asText().substring(1)) : node;
    }

    private void require(boolean condition, String name, String fault) {
        if (!condition) {
            faults.add(name + " " + fault + ".");
        }
    }
}
