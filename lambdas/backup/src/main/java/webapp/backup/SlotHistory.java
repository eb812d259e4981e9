package webapp.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import webapp.backup.json.Fields;

/** How far the stages of a database's newest slot have come, for people; what the last tick wrote tells what is new. */
final class SlotHistory {
    private final Instant slot;
    private final Instant now;
    /** Those of the same slot, as the last tick left them. */
    private final Map<String, Stage> before = new LinkedHashMap<>();
    private final Map<String, Stage> stages = new LinkedHashMap<>();
    private Export export;
    private Instant exportBegan;
    private String remembered;

    /**
     * @param status waiting, running, retry, done or failed
     * @param at since when
     * @param message null for none
     */
    private record Stage(String status, Instant at, String identifier, String message, int attempt) {}

    /** @param warning null for none */
    private record Export(String task, Instant at, String status, String warning) {}

    /** @param memory of the last tick, null for none */
    SlotHistory(Instant slot, Instant now, String memory) {
        this.slot = slot;
        this.now = now;
        try {
            if (memory != null) {
                recall(Fields.read(memory));
                remembered = document();
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            // An earlier version of this function wrote it: it is written anew.
            before.clear();
            stages.clear();
            export = null;
        }
    }

    /** @return {@link #document} as the last tick left it, null if that is not known; of another slot it is another one */
    String remembered() {
        return remembered;
    }

    private void recall(Fields last) {
        Fields told = last.optionalObject("export");
        if (told != null) {
            String at = told.optionalText("at");
            export = new Export(told.optionalText("task"), at == null ? null : Instant.parse(at), told.optionalText("status"), told.optionalText("warning"));
        }
        if (slot.toString().equals(last.optionalText("slot"))) {
            Fields all = last.object("stages");
            for (String name : all.names()) {
                Fields stage = all.object(name);
                before.put(name, new Stage(stage.text("status"), Instant.parse(stage.text("at")), stage.optionalText("identifier"),
                        stage.optionalText("message"), (int) stage.number("attempt", 0, Integer.MAX_VALUE)));
            }
            stages.putAll(before);
        }
    }

    Instant slot() {
        return slot;
    }

    /** @param attempt 0 if it is not known */
    void stage(String name, String status, String identifier, String message, int attempt) {
        Stage earlier = before.get(name);
        Instant at = earlier != null && earlier.status().equals(status) ? earlier.at() : now;
        stages.put(name, new Stage(status, at, identifier, message, attempt));
    }

    /**
     * @param task its identifier
     * @param began null if it has not
     * @param at when it came to this status, null if that is not known
     */
    void export(String task, Instant began, Instant at, String status, String warning) {
        export = new Export(task, at, status, warning);
        exportBegan = began;
    }

    Instant exportBegan() {
        return exportBegan;
    }

    /** @return what was told of the export when it ended, which nothing but this history keeps; otherwise {@code usually} */
    String exportWarning(String usually) {
        return export == null || export.warning() == null ? usually : export.warning();
    }

    /** @return what was told of the stage at last; {@code usually} if nothing was */
    String message(String name, String usually) {
        Stage stage = stages.get(name);
        return stage == null || stage.message() == null ? usually : stage.message();
    }

    /** @return whether this tick is the first to find the stage done, as far as the last one's is known */
    boolean finishedNow(String name) {
        return remembered != null && isDone(stages.get(name)) && !isDone(before.get(name));
    }

    private static boolean isDone(Stage stage) {
        return stage != null && stage.status().equals("done");
    }

    String document() {
        return Json.object(json -> {
            json.writeStringField("slot", slot.toString());
            json.writeObjectFieldStart("stages");
            for (Map.Entry<String, Stage> each : stages.entrySet()) {
                Stage stage = each.getValue();
                json.writeObjectFieldStart(each.getKey());
                json.writeStringField("status", stage.status());
                json.writeStringField("at", stage.at().toString());
                Json.text(json, "identifier", stage.identifier());
                Json.message(json, "message", stage.message());
                json.writeNumberField("attempt", stage.attempt());
                json.writeEndObject();
            }
            json.writeEndObject();
            writeExport(json);
        });
    }

    void writeExport(JsonGenerator json) throws IOException {
        json.writeFieldName("export");
        if (export == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        Json.text(json, "task", export.task());
        Json.text(json, "at", export.at());
        Json.text(json, "status", export.status());
        Json.message(json, "warning", export.warning());
        json.writeEndObject();
    }
}
