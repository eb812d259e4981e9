package webapp.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Tables with the keys {@code pk} and {@code sk} under AWS's own client, as its HTTP: the four operations that a ledger uses, with conditions
 * of comparisons and {@code attribute_not_exists}, joined by OR. A region that is out answers 503.
 */
final class Tables implements SdkHttpClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** DynamoDB counts names and values, this the JSON of them too, which is more. */
    private static final int LARGEST_ITEM = 400 * 1024;

    /** Table, then pk and sk. */
    private final Map<String, Map<String, ObjectNode>> tables = new TreeMap<>();
    /** Operation and keys, those that change something only. */
    final List<String> writes = new ArrayList<>();
    private final List<String> out = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    /** Calls of all kinds, those that were not answered too. */
    int asked;
    private int dieAt = Integer.MAX_VALUE;
    private boolean dieAfter;

    /** The function's end, at a call. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1;
    }

    DynamoDbClient client(String region) {
        return DynamoDbClient.builder().region(Region.of(region)).httpClient(this)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .overrideConfiguration(client -> client.retryStrategy(retry -> retry.maxAttempts(1)))
                .build();
    }

    /** The function dies at this write from now, counted from 1. */
    void dieAtWrite(int number, boolean after) {
        writes.clear();
        dieAt = number;
        dieAfter = after;
    }

    void out(String region) {
        out.add(region);
    }

    void back(String region) {
        out.remove(region);
    }

    /** Every call of the operation is denied, or every query of a partition: {@code Query drill#shop}. */
    void refuse(String operation) {
        refused.add(operation);
    }

    void admit(String operation) {
        refused.remove(operation);
    }

    /** @return null if there is none */
    synchronized JsonNode item(String table, String pk, String sk) {
        return tables.getOrDefault(table, Map.of()).get(pk + "\n" + sk);
    }

    synchronized List<String> keys(String table, String pk) {
        return tables.getOrDefault(table, Map.of()).values().stream().filter(item -> item.at("/pk/S").asText().equals(pk))
                .map(item -> item.at("/sk/S").asText()).toList();
    }

    synchronized void put(String table, String pk, String sk, Map<String, String> attributes) {
        ObjectNode item = JSON.createObjectNode();
        item.putObject("pk").put("S", pk);
        item.putObject("sk").put("S", sk);
        attributes.forEach((name, value) -> item.putObject(name).put("S", value));
        tables.computeIfAbsent(table, name -> new TreeMap<>()).put(pk + "\n" + sk, item);
    }

    /** Sets an attribute that is a number. */
    synchronized void number(String table, String pk, String sk, String attribute, long value) {
        tables.get(table).get(pk + "\n" + sk).putObject(attribute).put("N", Long.toString(value));
    }

    synchronized void delete(String table, String pk, String sk) {
        tables.get(table).remove(pk + "\n" + sk);
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                asked++;
                String operation = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElseThrow().replaceFirst(".*\\.", "");
                byte[] body = request.contentStreamProvider().orElseThrow().newStream().readAllBytes();
                if (out.stream().anyMatch(region -> request.httpRequest().host().contains(region))) {
                    return response(503, error("ServiceUnavailable"));
                }
                JsonNode in = JSON.readTree(body);
                if (refused.contains(operation) || refused.contains(operation + " " + in.at("/ExpressionAttributeValues/:pk/S").asText())) {
                    return response(400, error("AccessDeniedException"));
                }
                return answer(operation, in);
            }

            @Override
            public void abort() {
                // Nothing is under way.
            }
        };
    }

    private synchronized HttpExecuteResponse answer(String operation, JsonNode in) {
        boolean changes = operation.equals("PutItem") || operation.equals("DeleteItem");
        if (changes) {
            JsonNode key = in.path(operation.equals("PutItem") ? "Item" : "Key");
            writes.add(operation + " " + key.at("/pk/S").asText() + " " + key.at("/sk/S").asText());
        }
        boolean dies = changes && writes.size() == dieAt;
        if (dies && !dieAfter) {
            throw new Died();
        }
        HttpExecuteResponse answer = act(operation, in);
        if (dies) {
            throw new Died();
        }
        return answer;
    }

    private HttpExecuteResponse act(String operation, JsonNode in) {
        Map<String, ObjectNode> table = tables.computeIfAbsent(in.path("TableName").asText(), name -> new TreeMap<>());
        JsonNode key = in.path(operation.equals("PutItem") ? "Item" : "Key");
        String name = key.at("/pk/S").asText() + "\n" + key.at("/sk/S").asText();
        ObjectNode result = JSON.createObjectNode();
        if (in.has("ConditionExpression") && !holds(in, table.get(name))) {
            return response(400, error("ConditionalCheckFailedException"));
        }
        if (operation.equals("PutItem") && in.path("Item").toString().getBytes(StandardCharsets.UTF_8).length > LARGEST_ITEM) {
            return response(400, error("ValidationException", "Item size has exceeded the maximum allowed size"));
        }
        switch (operation) {
            case "PutItem" -> table.put(name, (ObjectNode) in.path("Item"));
            case "DeleteItem" -> table.remove(name);
            case "GetItem" -> {
                if (table.containsKey(name)) {
                    result.set("Item", table.get(name));
                }
            }
            case "Query" -> {
                ArrayNode items = result.putArray("Items");
                List<ObjectNode> found = new ArrayList<>(table.values().stream().filter(item -> item.path("pk").equals(in.at("/ExpressionAttributeValues/:pk")))
                        .filter(item -> !in.path("KeyConditionExpression").asText().endsWith(" AND sk <= :upTo")
                                || item.at("/sk/S").asText().compareTo(in.at("/ExpressionAttributeValues/:upTo/S").asText()) <= 0).toList());
                if (!in.path("ScanIndexForward").asBoolean(true)) {
                    Collections.reverse(found);
                }
                found.stream().limit(in.path("Limit").asInt(Integer.MAX_VALUE)).forEach(items::add);
            }
            default -> throw new IllegalStateException("unexpected operation: " + operation);
        }
        return response(200, result);
    }

    private static boolean holds(JsonNode in, JsonNode item) {
        for (String clause : in.path("ConditionExpression").asText().split(" OR ")) {
            if (clause.startsWith("attribute_not_exists(")) {
                String attribute = clause.substring(clause.indexOf('(') + 1, clause.length() - 1);
                if (item == null || !item.has(in.path("ExpressionAttributeNames").path(attribute).asText(attribute))) {
                    return true;
                }
                continue;
            }
            String[] parts = clause.split(" ");
            JsonNode left = item == null ? null : item.get(in.path("ExpressionAttributeNames").path(parts[0]).asText());
            if (left != null && compares(left, parts[1], in.path("ExpressionAttributeValues").path(parts[2]))) {
                return true;
            }
        }
        return false;
    }

    private static boolean compares(JsonNode left, String operator, JsonNode right) {
        int order = left.has("N") ? new BigDecimal(left.path("N").asText()).compareTo(new BigDecimal(right.path("N").asText()))
                : left.path("S").asText().compareTo(right.path("S").asText());
        return switch (operator) {
            case "=" -> order == 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> throw new IllegalStateException("unexpected operator: " + operator);
        };
    }

    private static ObjectNode error(String code) {
        return error(code, code);
    }

    private static ObjectNode error(String code, String message) {
        return JSON.createObjectNode().put("__type", "com.amazonaws.dynamodb.v20120810#" + code).put("message", message);
    }

    private static HttpExecuteResponse response(int status, JsonNode body) {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder().statusCode(status).putHeader("Content-Type", "application/x-amz-json-1.0")
                        .putHeader("Content-Length", Integer.toString(bytes.length)).build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
                .build();
    }

    @Override
    public void close() {
        // Holds nothing.
    }
}
