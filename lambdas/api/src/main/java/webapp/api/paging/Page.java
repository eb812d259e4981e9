package webapp.api.paging;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param more whether there is another one
 */
public record Page<T>(List<T> entries, boolean more) {
    /** Writes the members of an entry's object. */
    @FunctionalInterface
    public interface Members<T> {
        void write(T entry, JsonGenerator json) throws IOException;
    }

    /**
     * Writes the entries and the cursor of the next page.
     *
     * @param name of the list's member
     * @param cursor of the page after an entry
     */
    public void write(JsonGenerator json, String name, Members<T> members, Function<T, String> cursor) throws IOException {
        json.writeArrayFieldStart(name);
        for (T entry : entries) {
            json.writeStartObject();
            members.write(entry, json);
            json.writeEndObject();
        }
        json.writeEndArray();
        if (more) {
            json.writeStringField("nextCursor", cursor.apply(entries.getLast()));
        }
    }
}
