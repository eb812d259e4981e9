package webapp.backup.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import webapp.core.http.StrictJson;

/** An object of a document that a tick has written. What it lacks, or has in another form, is null or empty: the page shows the rest. */
record Node(Map<String, Object> members) {
    static final Node NONE = new Node(Map.of());

    /** @throws IllegalStateException if it is no JSON object; its cause says why */
    static Node parse(String document) {
        try {
            return new Node(StrictJson.object(document.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("a document in the table is no JSON object", e);
        }
    }

    String text(String name) {
        return members.get(name) instanceof String text ? text : null;
    }

    /** @return the number without its fraction */
    Long number(String name) {
        return members.get(name) instanceof Double number ? number.longValue() : null;
    }

    /** @return {@link #NONE} if there is none */
    Node node(String name) {
        return node(members.get(name));
    }

    /** @return the objects that a member holds, by their names and in their order */
    Map<String, Node> named(String name) {
        Map<String, Node> named = new LinkedHashMap<>();
        node(name).members().forEach((key, value) -> named.put(key, node(value)));
        return named;
    }

    List<Node> nodes(String name) {
        List<Node> nodes = new ArrayList<>();
        for (Object element : elements(name)) {
            if (element instanceof Map<?, ?>) {
                nodes.add(node(element));
            }
        }
        return nodes;
    }

    List<?> elements(String name) {
        return members.get(name) instanceof List<?> elements ? elements : List.of();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    static Node node(Object value) {
        if (!(value instanceof Map<?, ?> object)) {
            return NONE;
        }
        // The keys of a JSON object are texts.
        @SuppressWarnings("unchecked")
        Map<String, Object> texts = (Map<String, Object>) object;
        return new Node(texts);
    }
}
