package webapp.canary;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The values of a JSON document as text, each by its JSON pointer, such as {@code /detail/state/value}; nulls are left out. */
final class Leaves {
    private final Map<String, String> values = new LinkedHashMap<>();

    private Leaves() {}

    /** @throws IOException if it is no JSON */
    static Leaves read(InputStream json) throws IOException {
        Leaves leaves = new Leaves();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    leaves.values.put(parser.getParsingContext().pathAsPointer().toString(), parser.getText());
                }
            }
        }
        return leaves;
    }

    /** @return null if there is no such value */
    String get(String pointer) {
        return values.get(pointer);
    }

    /** @throws IllegalArgumentException if there is no such value */
    String require(String pointer) {
        String value = values.get(pointer);
        if (value == null) {
            throw new IllegalArgumentException(pointer + " is missing");
        }
        return value;
    }

    /** @return the keys of the outermost object, as far as there is a value below them */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        values.keySet().forEach(pointer -> names.add(pointer.substring(1).replaceFirst("/.*", "")));
        return names;
    }
}
