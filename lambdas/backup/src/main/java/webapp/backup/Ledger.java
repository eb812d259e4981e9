package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * A region's DynamoDB table: the lease that lets one tick run at a time, requests of people, and what is told about the past. Snapshots and
 * their tags are the truth; without the table backups go on.
 */
final class Ledger {
    /** Nobody leases for longer; a later end is the doing of a clock that was wrong. */
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(15);

    private final DynamoDbClient client;
    private final String table;

    Ledger(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    /**
     * Something that a person wants.
     *
     * @param key such as {@code run#shop}, {@code hold#shop#2026-07-01T00:00:00Z} or {@code drill#shop}
     */
    record Request(String key, Map<String, String> values) {
        /** @return whether it is of this kind, for this database */
        boolean is(String kind, String database) {
            return key.equals(kind + "#" + database) || key.startsWith(kind + "#" + database + "#");
        }
    }

    /** @return whether the lease is the owner's until then; false if somebody else has it */
    boolean acquire(String plan, String owner, Instant now, Instant until) {
        try {
            client.putItem(put -> put.tableName(table)
                    .item(Map.of("pk", text("lease"), "sk", text(plan), "owner", text(owner), "until", number(until),
                            "expires_at", number(until.plus(Duration.ofDays(1)))))
                    .conditionExpression("attribute_not_exists(pk) OR #until <= :now OR #until > :longest OR #owner = :owner")
                    .expressionAttributeNames(Map.of("#until", "until", "#owner", "owner"))
                    .expressionAttributeValues(Map.of(":now", number(now), ":longest", number(now.plus(LONGEST_LEASE)), ":owner", text(owner))));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    void release(String plan, String owner) {
        try {
            client.deleteItem(delete -> delete.tableName(table).key(key("lease", plan))
                    .conditionExpression("#owner = :owner")
                    .expressionAttributeNames(Map.of("#owner", "owner"))
                    .expressionAttributeValues(Map.of(":owner", text(owner))));
        } catch (ConditionalCheckFailedException e) {
            // It ran out, and is somebody else's by now.
        }
    }

    List<Request> requests() {
        List<Request> requests = new ArrayList<>();
        client.queryPaginator(query -> query.tableName(table).keyConditionExpression("pk = :pk")
                .expressionAttributeValues(Map.of(":pk", text("request"))).consistentRead(true)).items().forEach(item -> {
                    Map<String, String> values = new HashMap<>();
                    item.forEach((name, value) -> values.put(name, value.s() == null ? String.valueOf(value.bool()) : value.s()));
                    requests.add(new Request(values.get("sk"), values));
                });
        return requests;
    }

    /** Not one that was made anew after this one was read: by its {@code id}, or by its slot if it has none. */
    void delete(Request request) {
        String attribute = request.values().containsKey("id") || !request.values().containsKey("slot") ? "id" : "slot";
        String value = request.values().get(attribute);
        try {
            client.deleteItem(delete -> delete.tableName(table).key(key("request", request.key()))
                    .conditionExpression(value == null ? "attribute_not_exists(#attribute)" : "#attribute = :value")
                    .expressionAttributeNames(Map.of("#attribute", attribute))
                    .expressionAttributeValues(value == null ? null : Map.of(":value", text(value))));
        } catch (ConditionalCheckFailedException e) {
            // The next tick reads the newer one.
        }
    }

    /** @return null if there is none */
    String read(String pk, String sk, String attribute) {
        AttributeValue value = client.getItem(get -> get.tableName(table).key(key(pk, sk)).consistentRead(true)).item().get(attribute);
        return value == null ? null : value.s();
    }

    /**
     * The items of a partition from the last on, each with its {@code sk}.
     *
     * @param upTo the last {@code sk} that is meant, null for any
     */
    List<Map<String, String>> latest(String pk, String upTo, int limit) {
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":pk", text(pk)));
        if (upTo != null) {
            values.put(":upTo", text(upTo));
        }
        List<Map<String, String>> items = new ArrayList<>();
        client.query(query -> query.tableName(table).keyConditionExpression(upTo == null ? "pk = :pk" : "pk = :pk AND sk <= :upTo")
                .expressionAttributeValues(values).scanIndexForward(false).limit(limit).consistentRead(true)).items().forEach(item -> {
                    Map<String, String> attributes = new HashMap<>();
                    item.forEach((name, value) -> {
                        if (value.s() != null) {
                            attributes.put(name, value.s());
                        }
                    });
                    items.add(attributes);
                });
        return items;
    }

    /** @param expiresAt when DynamoDB may delete it, null for never */
    void write(String pk, String sk, Map<String, String> attributes, Instant expiresAt) {
        Map<String, AttributeValue> item = new HashMap<>(key(pk, sk));
        attributes.forEach((name, value) -> item.put(name, text(value)));
        if (expiresAt != null) {
            item.put("expires_at", number(expiresAt));
        }
        client.putItem(put -> put.tableName(table).item(item));
    }

    private static Map<String, AttributeValue> key(String pk, String sk) {
        return Map.of("pk", text(pk), "sk", text(sk));
    }

    private static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    private static AttributeValue number(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.getEpochSecond()));
    }
}
