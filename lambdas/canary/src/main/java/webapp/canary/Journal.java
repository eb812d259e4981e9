package webapp.canary;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Tells what becomes of a rollout: one line of JSON each on standard output. CloudWatch makes metrics of those that count, by the embedded
 * metric format, so the function needs no right to put any.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded metric format</a>
 */
final class Journal {
    /** What there is to tell; with the name of its metric, null for none. */
    enum Entry {
        WAITING("waiting", "INFO", null),
        STARTED("started", "INFO", "Started"),
        PROMOTED("promoted", "INFO", "Promoted"),
        ROLLED_BACK("rolled-back", "WARN", "RolledBack"),
        /** Said again at each tick, so that its alarm stays on until somebody rolls out something else. */
        STILL_ROLLED_BACK("still-rolled-back", "WARN", "RolledBack"),
        HELD("held", "WARN", null),
        IGNORED("ignored", "INFO", null);

        private final String text;
        private final String level;
        private final String metric;

        Entry(String text, String level, String metric) {
            this.text = text;
            this.level = level;
            this.metric = metric;
        }
    }

    private final Consumer<String> lines;

    Journal(Consumer<String> lines) {
        this.lines = lines;
    }

    /**
     * @param version the candidate
     * @param detail why, or what it replaces; null for nothing
     */
    void write(Entry entry, Canary canary, String version, String detail, Instant now) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("timestamp", now.toString());
            json.writeStringField("level", entry.level);
            json.writeStringField("rollout", entry.text);
            json.writeStringField("FunctionName", canary.functionName());
            json.writeStringField("alias", canary.aliasName());
            json.writeStringField("version", version);
            if (detail != null) {
                json.writeStringField("detail", detail);
            }
            if (entry.metric != null) {
                json.writeNumberField(entry.metric, 1);
                metric(json, entry.metric, now);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.accept(line.toString());
    }

    private static void metric(JsonGenerator json, String name, Instant now) throws IOException {
        json.writeObjectFieldStart("_aws");
        json.writeNumberField("Timestamp", now.toEpochMilli());
        json.writeArrayFieldStart("CloudWatchMetrics");
        json.writeStartObject();
        json.writeStringField("Namespace", "Canary");
        json.writeArrayFieldStart("Dimensions");
        json.writeStartArray();
        json.writeString("FunctionName");
        json.writeEndArray();
        json.writeEndArray();
        json.writeArrayFieldStart("Metrics");
        json.writeStartObject();
        json.writeStringField("Name", name);
        json.writeStringField("Unit", "Count");
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }
}
