package webapp.backup.windows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A value of a JSON document, asked for by name; what is missing or of another type is refused by its place. */
final class Json {
    private final String place;
    private final Object value;

    private Json(String place, Object value) {
        this.place = place;
        this.value = value;
    }

    /** @throws IllegalArgumentException if it is no JSON, without quoting it */
    static Json parse(String text) {
        try (JsonParser parser = new JsonFactory().createParser(text)) {
            parser.nextToken();
            return new Json("", value(parser));
        } catch (IOException e) {
            throw new IllegalArgumentException("no valid JSON");
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, Object> members = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser));
            }
            return members;
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value(parser));
            }
            return elements;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        return token == null || token == JsonToken.VALUE_NULL ? null : parser.getText();
    }

    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        ((Map<?, ?>) as(Map.class, "an object")).keySet().forEach(name -> names.add((String) name));
        return names;
    }

    /** @return null if there is none, or it is null */
    Json optional(String name) {
        Object member = ((Map<?, ?>) as(Map.class, "an object")).get(name);
        return member == null ? null : new Json(place + "/" + name, member);
    }

    Json get(String name) {
        Json member = optional(name);
        if (member == null) {
            throw new IllegalArgumentException(place + "/" + name + " is missing");
        }
        return member;
    }

    String text(String name) {
        return (String) get(name).as(String.class, "a text");
    }

    long number(String name) {
        return (Long) get(name).as(Long.class, "a whole number");
    }

    Instant instant(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(place + "/" + name + " is no moment such as 2026-11-21T00:00:00Z");
        }
    }

    List<Json> list(String name) {
        Json member = get(name);
        List<Json> elements = new ArrayList<>();
        for (Object element : (List<?>) member.as(List.class, "a list")) {
            elements.add(new Json(member.place + "/" + elements.size(), element));
        }
        return elements;
    }

    List<String> texts(String name) {
        return list(name).stream().map(element -> (String) element.as(String.class, "a text")).toList();
    }

    private Object as(Class<?> type, String description) {
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException((place.isEmpty() ? "the document" : place) + " is not " + description);
        }
        return value;
    }
}
