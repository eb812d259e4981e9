package webapp.backup.windows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import webapp.backup.json.Fields;

/**
 * What the function says; kept as it is until a drill compares it with the answer of a restored database.
 *
 * @param tables what was measured: a plan may name others by the time of the drill
 * @param windows of each table in order of time
 * @param watermark the end of the last window, by the database's own clock; null for a check
 * @param newest table => its newest row that is not after what was asked for; without tables that have none, or cannot be read
 */
public record WindowsAnswer(List<WatchedTable> tables, List<MeasuredWindow> windows, Instant watermark, Map<String, Instant> newest) {

    public WindowsAnswer {
        tables = List.copyOf(tables);
        windows = List.copyOf(windows);
        newest = Map.copyOf(newest);
    }

    /** @throws IllegalArgumentException if it is no answer */
    public static WindowsAnswer parse(String json) {
        Fields answer = Fields.read(json);
        Map<String, Instant> newest = new LinkedHashMap<>();
        Fields newestRows = answer.optionalObject("newest");
        if (newestRows != null) {
            newestRows.names().forEach(table -> newest.put(table, newestRows.instant(table)));
        }
        return new WindowsAnswer(
                tables(answer),
                answer.elements("windows").stream().map(WindowsAnswer::measured).toList(),
                answer.has("watermark") ? answer.instant("watermark") : null,
                newest);
    }

    /**
     * What a function that failed says, without where in its code that was: its own log has that.
     *
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-exceptions.html">errorMessage, errorType, stackTrace</a>
     */
    public static String error(String payload) {
        try {
            String message = Fields.read(payload).optionalText("errorMessage");
            return message == null ? payload : message;
        } catch (IllegalArgumentException e) {
            return payload;
        }
    }

    static List<WatchedTable> tables(Fields json) {
        return json.elements("tables").stream()
                .map(table -> new WatchedTable(table.text("table"), table.text("column"), table.texts("columns")))
                .toList();
    }

    static Window window(Fields json) {
        return new Window(json.text("table"), json.instant("from"), json.instant("to"));
    }

    private static MeasuredWindow measured(Fields json) {
        Window window = window(json);
        return json.has("error")
                ? MeasuredWindow.failed(window, json.text("error"))
                : MeasuredWindow.of(window, json.number("rows", 0, Long.MAX_VALUE), json.text("checksum"));
    }

    /**
     * The function's event that has these windows measured in another database.
     *
     * @param recorded null to prove the login alone
     * @param notAfter of when the newest row may be
     */
    public static String checkEvent(String host, int port, String database, String user, WindowsAnswer recorded, Instant notAfter) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart("check");
            json.writeStringField("host", host);
            json.writeNumberField("port", port);
            json.writeStringField("database", database);
            json.writeStringField("user", user);
            json.writeStringField("notAfter", notAfter.truncatedTo(ChronoUnit.SECONDS).toString());
            writeTables(json, recorded == null ? List.of() : recorded.tables);
            json.writeArrayFieldStart("windows");
            for (MeasuredWindow measured : recorded == null ? List.<MeasuredWindow>of() : recorded.windows) {
                json.writeStartObject();
                write(json, measured.window());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void writeTables(JsonGenerator json, List<WatchedTable> tables) throws IOException {
        json.writeArrayFieldStart("tables");
        for (WatchedTable table : tables) {
            json.writeStartObject();
            json.writeStringField("table", table.table());
            json.writeStringField("column", table.column());
            json.writeArrayFieldStart("columns");
            for (String column : table.columns()) {
                json.writeString(column);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Window window) throws IOException {
        json.writeStringField("table", window.table());
        json.writeStringField("from", window.from().toString());
        json.writeStringField("to", window.to().toString());
    }

    public String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            writeTables(json, tables);
            json.writeArrayFieldStart("windows");
            for (MeasuredWindow measured : windows) {
                json.writeStartObject();
                write(json, measured.window());
                if (measured.error() == null) {
                    json.writeNumberField("rows", measured.rows());
                    json.writeStringField("checksum", measured.checksum());
                } else {
                    json.writeStringField("error", measured.error());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
            if (watermark != null) {
                json.writeStringField("watermark", watermark.toString());
            } else {
                json.writeObjectFieldStart("newest");
                for (Map.Entry<String, Instant> row : newest.entrySet()) {
                    json.writeStringField(row.getKey(), row.getValue().toString());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
