package webapp.backup.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An object of a JSON document. Each complaint names its value by JSON pointer, such as {@code /databases/0/kind}; null is as absent. */
public final class Fields {
    private final String path;
    private final Map<String, Object> values;
    private final Set<String> read = new LinkedHashSet<>();

    private Fields(String path, Map<String, Object> values) {
        this.path = path;
        this.values = values;
    }

    /**
     * @throws IllegalArgumentException if it is no JSON object
     * @throws IOException if it cannot be read
     */
    public static Fields read(InputStream json) throws IOException {
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            return document(parser);
        }
    }

    /** @throws IllegalArgumentException if it is no JSON object */
    public static Fields read(String json) {
        try (JsonParser parser = new JsonFactory().createParser(new StringReader(json))) {
            return document(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Fields document(JsonParser parser) throws IOException {
        try {
            Object document = value(parser, parser.nextToken());
            if (document instanceof Map) {
                return new Fields("", (Map<String, Object>) document);
            }
            throw new IllegalArgumentException("expected a JSON object");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("expected a JSON object: " + e.getOriginalMessage(), e);
        }
    }

    /** Text and numbers as String, for the reader to parse. */
    private static Object value(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> object = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                object.put(name, value(parser, parser.nextToken()));
            }
            return object;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> array = new ArrayList<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                array.add(value(parser, next));
            }
            return array;
        }
        return token == null || token == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    public boolean has(String name) {
        return value(name) != null;
    }

    /** @return never blank */
    public String text(String name) {
        String text = optionalText(name);
        if (text == null || text.isBlank()) {
            throw refused(name, text == null ? "is missing" : "is blank");
        }
        return text;
    }

    /** @return null if absent */
    public String optionalText(String name) {
        Object value = value(name);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw refused(name, "is no text");
    }

    /** @return one of {@code allowed} */
    public String choice(String name, List<String> allowed) {
        String text = text(name);
        if (!allowed.contains(text)) {
            throw refused(name, "is '" + text + "': write one of " + String.join(", ", allowed));
        }
        return text;
    }

    public boolean flag(String name) {
        return choice(name, List.of("true", "false")).equals("true");
    }

    /** Both bounds are allowed. */
    public long number(String name, long least, long most) {
        String text = text(name);
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number out of range.
        }
        throw refused(name, "is '" + text + "': write a whole number, " + least + "-" + most);
    }

    /** In UTC, such as {@code 2026-11-21T00:00:00Z}. */
    public Instant instant(String name) {
        String text = text(name);
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw refused(name, "is '" + text + "': write a moment such as 2026-11-21T00:00:00Z");
        }
    }

    public Fields object(String name) {
        Fields object = optionalObject(name);
        if (object == null) {
            throw refused(name, "is missing");
        }
        return object;
    }

    /** @return null if absent */
    public Fields optionalObject(String name) {
        Object value = value(name);
        return value == null ? null : object(path + "/" + name, value);
    }

    /** @return empty if absent */
    public List<Fields> objects(String name) {
        List<Fields> objects = new ArrayList<>();
        for (Object element : array(name)) {
            objects.add(object(path + "/" + name + "/" + objects.size(), element));
        }
        return objects;
    }

    /** Of a list that may be empty, but not absent. */
    public List<Fields> elements(String name) {
        if (!has(name)) {
            throw refused(name, "is missing");
        }
        return objects(name);
    }

    /** @return empty if absent */
    public List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object element : array(name)) {
            if (!(element instanceof String text) || text.isBlank()) {
                throw refused(name + "/" + texts.size(), "is no text");
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }

    /** The names of all fields, for an object that is a map. */
    public Set<String> names() {
        return values.keySet();
    }

    /** @throws IllegalArgumentException naming the fields that nobody asked for: a misspelt one would be ignored */
    public void nothingElse() {
        Set<String> unknown = new LinkedHashSet<>(values.keySet());
        unknown.removeAll(read);
        if (!unknown.isEmpty()) {
            throw refused(unknown.iterator().next(), "is unknown: write one of " + String.join(", ", read));
        }
    }

    public IllegalArgumentException refused(String name, String complaint) {
        return new IllegalArgumentException(path + "/" + name + " " + complaint);
    }

    private Object value(String name) {
        read.add(name);
        return values.get(name);
    }

    private List<?> array(String name) {
        Object value = value(name);
        if (value == null || value instanceof List) {
            return value == null ? List.of() : (List<?>) value;
        }
        throw refused(name, "is no list");
    }

    @SuppressWarnings("unchecked")
    private static Fields object(String path, Object value) {
        if (value instanceof Map) {
            return new Fields(path, (Map<String, Object>) value);
        }
        throw new IllegalArgumentException(path + " is no object");
    }
}
