package webapp.backup.page;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import webapp.core.http.Request;

/** All backups of the plan: what the last ticks of both regions wrote, put together by database, with what the next ones are asked for. */
final class Overview {
    /** Of each database, besides those that there are backups of. */
    private static final int SLOTS = 10;

    private final String plan;
    private final PlanTable table;
    private final RecoveryRegion recovery;

    /** @param recovery null if the plan has no recovery region */
    Overview(String plan, PlanTable table, RecoveryRegion recovery) {
        this.plan = plan;
        this.table = table;
        this.recovery = recovery;
    }

    View read(Request request) {
        Node here = table.status();
        Map<String, Instruction> instructions = new HashMap<>();
        table.instructions().forEach(instruction -> instructions.put(instruction.sortKey(), instruction));
        Node[] there = {Node.NONE};
        RecoveryRegion.Reach reach = recovery == null ? null : recovery.reach(request, table -> {
            there[0] = table.status();
            table.instructions().forEach(instruction -> instructions.putIfAbsent(instruction.sortKey(), instruction));
        });
        List<Database> databases = new ArrayList<>();
        for (Node known : here.nodes("databases")) {
            String identifier = known.text("identifier");
            if (identifier != null) {
                databases.add(new Database(
                        identifier, known, find(there[0], identifier), table.newestSlots(identifier, SLOTS), instructions));
            }
        }
        return new View(plan, here.text("at"), recovery == null ? null : recovery.name(), reach, there[0].text("at"), databases);
    }

    /** Whether there is a backup of this slot, as far as this region or, if it answers, the other one knows. */
    boolean hasSlot(String database, Instant slot, Request request) {
        Node here = find(table.status(), database);
        if (slots(here).contains(slot) || !listsSlots(here) && table.hasHistory(database, slot)) {
            return true;
        }
        boolean[] found = {false};
        if (recovery != null) {
            recovery.reach(request, there -> found[0] = slots(find(there.status(), database)).contains(slot));
        }
        return found[0];
    }

    /** A tick that does not leaves open what there is. */
    private static boolean listsSlots(Node database) {
        return database.members().containsKey("slots");
    }

    /**
     * @param here a database as this region's tick wrote of it
     * @return whether the plan has a drill for it, as far as it has targets or the recovery region's tick knows when the next one is
     */
    boolean hasDrill(Node here) {
        return recovery != null
                && (!here.node("targets").isEmpty() || find(recovery.table().status(), here.text("identifier")).text("nextDrill") != null);
    }

    private static Node find(Node status, String identifier) {
        return status.nodes("databases").stream()
                .filter(database -> identifier.equals(database.text("identifier")))
                .findFirst()
                .orElse(Node.NONE);
    }

    /** The slots that a region's tick names: those of its snapshots, where it lists them, and those that are told of besides. */
    private static Set<Instant> slots(Node database) {
        Set<Instant> slots = new HashSet<>(held(database).keySet());
        for (Object element : database.elements("slots")) {
            slots.add(instant(element instanceof String text ? text : null));
        }
        slots.add(instant(database.node("lastBackup").text("slot")));
        slots.add(instant(database.node("recoveryCopy").text("slot")));
        slots.remove(null);
        return slots;
    }

    /** By slot, why it is held; empty where the tick did not tell. */
    private static Map<Instant, String> held(Node database) {
        Map<Instant, String> held = new HashMap<>();
        for (Object element : database.elements("held")) {
            Node node = Node.node(element);
            Instant slot = instant(element instanceof String text ? text : node.text("slot"));
            if (slot != null) {
                held.put(slot, node.text("reason") == null ? "" : node.text("reason"));
            }
        }
        return held;
    }

    /** @return null if the text is none */
    private static Instant instant(String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** Writes the members of what is asked for. */
    static void write(JsonGenerator json, Instruction asked) throws IOException {
        json.writeStringField("action", asked.action().toString());
        json.writeStringField("database", asked.database());
        json.writeStringField("slot", asked.slot().toString());
        text(json, "reason", asked.reason());
        json.writeStringField("at", asked.at().toString());
        text(json, "by", asked.by());
    }

    private static void text(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static void number(JsonGenerator json, String name, Long value) throws IOException {
        if (value != null) {
            json.writeNumberField(name, value);
        }
    }

    private static void texts(JsonGenerator json, Node node, String... names) throws IOException {
        for (String name : names) {
            text(json, name, node.text(name));
        }
    }

    private static void object(JsonGenerator json, String name, Node node, String... texts) throws IOException {
        if (!node.isEmpty()) {
            json.writeObjectFieldStart(name);
            texts(json, node, texts);
            json.writeEndObject();
        }
    }

    private static void instruction(JsonGenerator json, String name, Instruction instruction) throws IOException {
        if (instruction != null) {
            json.writeObjectFieldStart(name);
            write(json, instruction);
            json.writeEndObject();
        }
    }

    /**
     * @param at when a tick wrote what is shown, null before the first one
     * @param recoveryRegion null if the plan has none
     * @param recoveryAt the same of the recovery region's
     */
    record View(String plan, String at, String recoveryRegion, RecoveryRegion.Reach reach, String recoveryAt, List<Database> databases) {
        void write(JsonGenerator json) throws IOException {
            json.writeStringField("plan", plan);
            text(json, "at", at);
            if (recoveryRegion != null) {
                json.writeObjectFieldStart("recovery");
                json.writeStringField("region", recoveryRegion);
                json.writeStringField("status", reach.toString());
                text(json, "at", recoveryAt);
                json.writeEndObject();
            }
            json.writeArrayFieldStart("databases");
            for (Database database : databases) {
                json.writeStartObject();
                database.write(json);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    /** @param there what the recovery region's tick wrote, {@link Node#NONE} if that is not known */
    record Database(String identifier, Node here, Node there, Map<Instant, Node> newest, Map<String, Instruction> instructions) {
        void write(JsonGenerator json) throws IOException {
            json.writeStringField("database", identifier);
            texts(json, here, "kind");
            object(json, "lastBackup", here.node("lastBackup"), "slot", "identifier", "at", "status");
            writeRecoveryCopy(json);
            object(json, "export", here.node("export"), "task", "at", "status", "warning");
            writeDrill(json, there.node("drill"));
            object(json, "drillUnderWay", there.node("running"), "slot", "started", "complaint");
            texts(json, here, "nextSlot");
            texts(json, there, "nextDrill");
            Node targets = here.node("targets");
            if (!targets.isEmpty()) {
                json.writeObjectFieldStart("targets");
                number(json, "rpoMinutes", targets.number("rpoMinutes"));
                number(json, "rtoMinutes", targets.number("rtoMinutes"));
                json.writeEndObject();
            }
            json.writeArrayFieldStart("failures");
            for (Node database : List.of(here, there)) {
                for (Node failure : database.nodes("failures")) {
                    json.writeStartObject();
                    texts(json, failure, "reason", "stage", "identifier", "message", "remedy");
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
            instruction(json, "run", instructions.get(Instruction.Action.RUN + "#" + identifier));
            instruction(json, "drillRun", instructions.get(Instruction.Action.DRILL + "#" + identifier));
            writeSlots(json);
        }

        /** As the recovery region knows it; what this one knows of it, while that one cannot be asked. */
        private void writeRecoveryCopy(JsonGenerator json) throws IOException {
            Node copy = there.isEmpty() ? here.node("recoveryCopy") : there.node("recoveryCopy");
            if (!copy.isEmpty()) {
                json.writeObjectFieldStart("recoveryCopy");
                texts(json, copy, "slot", "identifier", "at", "dataAt", "status");
                number(json, "copies", there.number("copies"));
                json.writeEndObject();
            }
        }

        private static void writeDrill(JsonGenerator json, Node drill) throws IOException {
            if (drill.isEmpty()) {
                return;
            }
            json.writeObjectFieldStart("drill");
            texts(json, drill, "slot", "verdict", "at");
            number(json, "rpoSeconds", drill.number("rpoSeconds"));
            number(json, "rtoSeconds", drill.number("rtoSeconds"));
            json.writeArrayFieldStart("findings");
            for (Object finding : drill.elements("findings")) {
                json.writeString(finding instanceof String text ? text : sentence(Node.node(finding)));
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        /** A finding that is an object, as a person reads it: {@code table orders, problem rows differ}. */
        private static String sentence(Node finding) {
            List<String> parts = new ArrayList<>();
            finding.members().forEach((name, value) -> {
                if (value != null) {
                    parts.add(name + " " + value);
                }
            });
            return String.join(", ", parts);
        }

        private void writeSlots(JsonGenerator json) throws IOException {
            Map<Instant, String> held = held(there);
            // Each region tags its own; one of them may not tell why.
            held(here).forEach((slot, reason) -> held.merge(slot, reason, (theirs, ours) -> ours.isEmpty() ? theirs : ours));
            Set<Instant> known = new HashSet<>(slots(here));
            known.addAll(slots(there));
            Map<Instant, Node> slots = new TreeMap<>(Comparator.reverseOrder());
            slots.putAll(newest);
            known.forEach(slot -> slots.putIfAbsent(slot, Node.NONE));
            json.writeArrayFieldStart("slots");
            for (Map.Entry<Instant, Node> slot : slots.entrySet()) {
                json.writeStartObject();
                json.writeStringField("slot", slot.getKey().toString());
                json.writeBooleanField("kept", !listsSlots(here) || known.contains(slot.getKey()));
                String reason = held.get(slot.getKey());
                json.writeBooleanField("held", reason != null);
                text(json, "reason", reason == null || reason.isEmpty() ? null : reason);
                instruction(json, "asked", instructions.get("hold#" + identifier + "#" + slot.getKey()));
                json.writeArrayFieldStart("stages");
                for (Map.Entry<String, Node> stage : slot.getValue().named("stages").entrySet()) {
                    json.writeStartObject();
                    json.writeStringField("stage", stage.getKey());
                    texts(json, stage.getValue(), "status", "at", "message");
                    number(json, "attempt", stage.getValue().number("attempt"));
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }
}
