package webapp.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Something that needs a person.
 *
 * @param database null if it is about the plan
 * @param slot null if it is about none
 * @param identifier of the snapshot, export or key, null for none
 * @param awsCode null if AWS did not refuse a call
 */
record Failure(Reason reason, String stage, String database, Instant slot, String identifier, String awsCode, String message) {
    /** For the page. */
    static void write(JsonGenerator json, List<Failure> failures) throws IOException {
        json.writeArrayFieldStart("failures");
        for (Failure failure : failures) {
            json.writeStartObject();
            json.writeStringField("reason", failure.reason().text);
            json.writeStringField("stage", failure.stage());
            Json.text(json, "identifier", failure.identifier());
            Json.message(json, "message", failure.message());
            json.writeStringField("remedy", failure.reason().remedy);
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
