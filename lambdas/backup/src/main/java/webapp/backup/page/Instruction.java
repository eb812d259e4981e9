package webapp.backup.page;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What an operator asks of the next tick, as an item under {@code pk=request}. The tick that has carried it out deletes the item, if it
 * still has the same id.
 *
 * @param slot of a run or a drill the minute in which it was asked for; of a hold or a release the one that is meant
 * @param reason of a hold, null of the others
 * @param by the subject of who asked
 */
record Instruction(Action action, String database, Instant slot, String reason, String by, Instant at, String id) {
    static final String PARTITION = "request";

    enum Action {
        RUN("run"),
        DRILL("drill"),
        HOLD("hold"),
        RELEASE("release");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Instruction of(Action action, String database, Instant slot, String reason, String by, Instant at) {
        return new Instruction(action, database, slot, reason, by, at, UUID.randomUUID().toString());
    }

    /** A hold and a release of one slot are one item, of which the newer counts. */
    String sortKey() {
        return switch (action) {
            case RUN, DRILL -> action + "#" + database;
            case HOLD, RELEASE -> "hold#" + database + "#" + slot;
        };
    }

    Map<String, AttributeValue> item() {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("pk", AttributeValue.fromS(PARTITION));
        item.put("sk", AttributeValue.fromS(sortKey()));
        item.put("id", AttributeValue.fromS(id));
        item.put("by", AttributeValue.fromS(by));
        item.put("at", AttributeValue.fromS(at.toString()));
        switch (action) {
            case RUN, DRILL -> item.put("slot", AttributeValue.fromS(slot.toString()));
            case HOLD -> item.put("reason", AttributeValue.fromS(reason));
            case RELEASE -> item.put("release", AttributeValue.fromBool(true));
        }
        return item;
    }

    /** @return null if the item is none that the page writes */
    static Instruction of(Map<String, AttributeValue> item) {
        String[] key = item.get("sk").s().split("#", 3);
        boolean hold = key[0].equals("hold");
        String slot = hold ? key.length < 3 ? null : key[2] : text(item, "slot");
        if (key.length < 2 || slot == null) {
            return null;
        }
        String at = text(item, "at");
        Action action = switch (key[0]) {
            case "run" -> Action.RUN;
            case "drill" -> Action.DRILL;
            case "hold" -> item.containsKey("release") ? Action.RELEASE : Action.HOLD;
            default -> null;
        };
        return action == null
                ? null
                : new Instruction(
                        action,
                        key[1],
                        Instant.parse(slot),
                        text(item, "reason"),
                        text(item, "by"),
                        Instant.parse(at == null ? slot : at),
                        text(item, "id"));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }
}
