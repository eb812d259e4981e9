package webapp.backup;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells what a tick finds and does: one line of JSON each on standard output. CloudWatch makes metrics of some, by the embedded metric format,
 * so the function needs no right to put any.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded metric format</a>
 */
final class Journal {
    static final String NAMESPACE = "Backup";

    private final String plan;
    private final Instant now;
    private final Consumer<String> lines;
    private final List<Failure> failures = new ArrayList<>();

    Journal(String plan, Instant now, Consumer<String> lines) {
        this.plan = plan;
        this.now = now;
        this.lines = lines;
    }

    /** @return what this tick has told of the database so far */
    List<Failure> failures(String database) {
        return failures.stream().filter(failure -> database.equals(failure.database())).toList();
    }

    /** @param database null if it is about the plan; so is {@code slot}, {@code identifier} and {@code detail} where there is none */
    void tell(String what, String database, Instant slot, String identifier, String detail) {
        line("INFO", json -> {
            json.writeStringField("backup", what);
            about(json, database, slot, identifier);
            if (detail != null) {
                json.writeStringField("detail", detail);
            }
        });
    }

    void fail(Failure failure) {
        failures.add(failure);
        line("ERROR", json -> {
            json.writeStringField("reason", failure.reason().text);
            json.writeStringField("stage", failure.stage());
            about(json, failure.database(), failure.slot(), failure.identifier());
            if (failure.awsCode() != null) {
                json.writeStringField("awsCode", failure.awsCode());
            }
            json.writeStringField("message", failure.message());
            json.writeStringField("remedy", failure.reason().remedy);
        });
    }

    /** What AWS said against a call: that the next tick is all it takes, or a failure. */
    void trouble(Trouble trouble, String stage, String database, Instant slot, String identifier) {
        if (trouble.reason() == null) {
            tell("next-tick", database, slot, identifier, trouble.code() + ": " + trouble.message());
        } else {
            fail(new Failure(trouble.reason(), stage, database, slot, identifier, trouble.code(), trouble.message()));
        }
    }

    /**
     * Of each of these reasons, how many databases it stops: 0 too, so that its alarm ends.
     *
     * @param looked false if nothing could be listed: then it is not known what is well
     */
    void countFailures(Set<Reason> reasons, boolean looked) {
        Map<Reason, Set<String>> stopped = new EnumMap<>(Reason.class);
        for (Failure failure : failures) {
            // One that has no alarm here would be told to nobody.
            Reason counted = reasons.contains(failure.reason()) ? failure.reason() : Reason.OTHER;
            stopped.computeIfAbsent(counted, reason -> new HashSet<>()).add(String.valueOf(failure.database()));
        }
        for (Reason reason : looked ? reasons : stopped.keySet()) {
            new Metrics().dimension("Reason", reason.text).count("Failures", stopped.getOrDefault(reason, Set.of()).size()).emit();
        }
    }

    /** Values of one set of dimensions, {@code Plan} first. */
    final class Metrics {
        private final Map<String, String> dimensions = new LinkedHashMap<>();
        private final Map<String, Double> values = new LinkedHashMap<>();
        private final Map<String, String> units = new LinkedHashMap<>();

        Metrics() {
            dimensions.put("Plan", plan);
        }

        Metrics dimension(String name, String value) {
            dimensions.put(name, value);
            return this;
        }

        Metrics count(String name, long value) {
            return value(name, "Count", value);
        }

        Metrics percent(String name, double value) {
            return value(name, "Percent", value);
        }

        /** Of a moment that never was there is no value: the alarm takes that as too old. */
        Metrics age(String name, Instant since) {
            return since == null ? this : seconds(name, now.getEpochSecond() - since.getEpochSecond());
        }

        Metrics seconds(String name, long value) {
            return value(name, "Seconds", value);
        }

        private Metrics value(String name, String unit, double value) {
            values.put(name, value);
            units.put(name, unit);
            return this;
        }

        void emit() {
            if (values.isEmpty()) {
                return;
            }
            lines.accept(Json.object(json -> {
                for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
                    json.writeStringField(dimension.getKey(), dimension.getValue());
                }
                for (Map.Entry<String, Double> value : values.entrySet()) {
                    json.writeNumberField(value.getKey(), value.getValue());
                }
                json.writeObjectFieldStart("_aws");
                json.writeNumberField("Timestamp", now.toEpochMilli());
                json.writeArrayFieldStart("CloudWatchMetrics");
                json.writeStartObject();
                json.writeStringField("Namespace", NAMESPACE);
                json.writeArrayFieldStart("Dimensions");
                json.writeStartArray();
                for (String name : dimensions.keySet()) {
                    json.writeString(name);
                }
                json.writeEndArray();
                json.writeEndArray();
                json.writeArrayFieldStart("Metrics");
                for (Map.Entry<String, String> unit : units.entrySet()) {
                    json.writeStartObject();
                    json.writeStringField("Name", unit.getKey());
                    json.writeStringField("Unit", unit.getValue());
                    json.writeEndObject();
                }
                json.writeEndArray();
                json.writeEndObject();
                json.writeEndArray();
                json.writeEndObject();
            }));
        }
    }

    private void line(String level, Json.Content content) {
        lines.accept(Json.object(json -> {
            json.writeStringField("timestamp", now.toString());
            json.writeStringField("level", level);
            json.writeStringField("plan", plan);
            content.write(json);
        }));
    }

    private static void about(JsonGenerator json, String database, Instant slot, String identifier) throws IOException {
        if (database != null) {
            json.writeStringField("database", database);
        }
        if (slot != null) {
            json.writeStringField("slot", slot.toString());
        }
        if (identifier != null) {
            json.writeStringField("identifier", identifier);
        }
    }
}
