package webapp.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** For the page: of which slots a database has snapshots in a region, and which of them are held. */
final class Slots {
    private Slots() {}

    /** @param snapshots of ours of one database and role, in any status */
    static void write(JsonGenerator json, List<Snapshot> snapshots) throws IOException {
        json.writeArrayFieldStart("slots");
        for (Instant slot : snapshots.stream().filter(Snapshot::available).map(Snapshot::slot).distinct().sorted().toList()) {
            json.writeString(slot.toString());
        }
        json.writeEndArray();
        Map<Instant, String> held = new TreeMap<>();
        snapshots.stream().filter(Snapshot::held).forEach(snapshot -> held.put(snapshot.slot(), snapshot.tags().get(Tags.HOLD)));
        json.writeArrayFieldStart("held");
        for (Map.Entry<Instant, String> each : held.entrySet()) {
            json.writeStartObject();
            json.writeStringField("slot", each.getKey().toString());
            json.writeStringField("reason", each.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
