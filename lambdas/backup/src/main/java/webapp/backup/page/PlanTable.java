package webapp.backup.page;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import webapp.core.http.IdempotencyKey;

/** One region's table of the plan: what its ticks have written for the page, and what the page asks of them. */
final class PlanTable {
    /** How long the answer to an Idempotency-Key is kept. */
    private static final Duration KEPT = Duration.ofHours(24);

    /** Against others who ask at the same moment, or a tick that deletes what is asked for. */
    private static final int TRIES = 4;

    private static final String FAILED_CONDITION = "ConditionalCheckFailed";

    private static final String NEW = "attribute_not_exists(pk)";

    /** An expired item stays until DynamoDB gets round to it, which may take days. */
    private static final String NEW_OR_EXPIRED = "attribute_not_exists(pk) OR expires_at <= :now";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final String plan;

    PlanTable(DynamoDbClient dynamoDb, String table, String plan) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.plan = plan;
    }

    /** @return what the last tick wrote, {@link Node#NONE} before the first one */
    Node status() {
        return documentOf(item(key("status", plan)));
    }

    /** Whether a tick has ever worked on a slot. */
    boolean hasHistory(String database, Instant slot) {
        return !item(key("history#" + database, slot.toString())).isEmpty();
    }

    /** The newest slots of a database, each with what a tick wrote of it. */
    Map<Instant, Node> newestSlots(String database, int most) {
        Map<Instant, Node> slots = new HashMap<>();
        dynamoDb.query(query -> query.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS("history#" + database)))
                        .scanIndexForward(false)
                        .limit(most))
                .items()
                .forEach(item -> slots.put(Instant.parse(item.get("sk").s()), documentOf(item)));
        return slots;
    }

    /** What no tick has carried out yet. */
    List<Instruction> instructions() {
        List<Instruction> instructions = new ArrayList<>();
        // Who has just asked for something sees it.
        dynamoDb.queryPaginator(query -> query.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(Instruction.PARTITION))))
                .items()
                .forEach(item -> {
                    Instruction instruction = Instruction.of(item);
                    if (instruction != null) {
                        instructions.add(instruction);
                    }
                });
        return instructions;
    }

    /** Takes the place of an older instruction on the same. */
    void put(Instruction instruction) {
        dynamoDb.putItem(put -> put.tableName(table).item(instruction.item()));
    }

    /**
     * Asks, unless the same is asked already, or was by a request with this key.
     *
     * @return what is asked for, by this request or by the earlier one
     * @throws webapp.core.problem.ProblemException 422 if the key was used for something else
     */
    Instruction putOnce(Instruction wanted, IdempotencyKey key) {
        for (int i = 0; i < TRIES; i++) {
            try {
                dynamoDb.transactWriteItems(write -> write.transactItems(
                        item(wanted.item(), NEW, Map.of()),
                        item(remembered(key, wanted, wanted.at()), NEW_OR_EXPIRED, now(wanted.at()))));
                return wanted;
            } catch (TransactionCanceledException e) {
                Map<String, AttributeValue> earlier = failed(e, 1);
                if (earlier != null) {
                    return answered(earlier, key);
                }
                Map<String, AttributeValue> open = failed(e, 0);
                if (open != null && remember(key, open, wanted.at())) {
                    return Instruction.of(open);
                }
                // Somebody else's transaction was in the way, or took this key meanwhile.
            }
        }
        throw SdkClientException.create("gave up after " + TRIES + " transactions on " + wanted.sortKey() + " that were in each other's way");
    }

    /** A repeat of this request gets the same answer, also once a tick has carried out what is open now. */
    private boolean remember(IdempotencyKey key, Map<String, AttributeValue> open, Instant now) {
        try {
            dynamoDb.putItem(put -> put.tableName(table)
                    .item(remembered(key, Instruction.of(open), now))
                    .conditionExpression(NEW_OR_EXPIRED)
                    .expressionAttributeValues(now(now)));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static Map<String, AttributeValue> remembered(IdempotencyKey key, Instruction instruction, Instant now) {
        Map<String, AttributeValue> item = new HashMap<>(key("idempotency", HexFormat.of().formatHex(key.keyHash())));
        item.put("hash", AttributeValue.fromS(HexFormat.of().formatHex(key.requestHash())));
        item.put("asked", AttributeValue.fromM(instruction.item()));
        item.put("expires_at", AttributeValue.fromN(Long.toString(now.plus(KEPT).getEpochSecond())));
        return item;
    }

    private static Instruction answered(Map<String, AttributeValue> item, IdempotencyKey key) {
        if (!item.get("hash").s().equals(HexFormat.of().formatHex(key.requestHash()))) {
            throw IdempotencyKey.reused();
        }
        return Instruction.of(item.get("asked").m());
    }

    private TransactWriteItem item(Map<String, AttributeValue> item, String condition, Map<String, AttributeValue> values) {
        Put.Builder put = Put.builder()
                .tableName(table)
                .item(item)
                .conditionExpression(condition)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
        if (!values.isEmpty()) {
            put.expressionAttributeValues(values);
        }
        return TransactWriteItem.builder().put(put.build()).build();
    }

    /** @return the item that a condition of the transaction met, null if it was not this condition */
    private static Map<String, AttributeValue> failed(TransactionCanceledException e, int index) {
        CancellationReason reason = e.cancellationReasons().get(index);
        return FAILED_CONDITION.equals(reason.code()) ? reason.item() : null;
    }

    private static Map<String, AttributeValue> now(Instant now) {
        return Map.of(":now", AttributeValue.fromN(Long.toString(now.getEpochSecond())));
    }

    private static Map<String, AttributeValue> key(String partition, String sort) {
        return Map.of("pk", AttributeValue.fromS(partition), "sk", AttributeValue.fromS(sort));
    }

    private Map<String, AttributeValue> item(Map<String, AttributeValue> key) {
        return dynamoDb.getItem(get -> get.tableName(table).key(key)).item();
    }

    private static Node documentOf(Map<String, AttributeValue> item) {
        AttributeValue document = item.get("document");
        return document == null || document.s() == null ? Node.NONE : Node.parse(document.s());
    }
}
