package webapp.local.rds;

import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One page of a Describe action's answer. The marker names the last item shown: what is deleted between two pages hides no other. */
final class Page {
    private static final int LEAST = 20;
    private static final int MOST = 100;

    private Page() {}

    /** @param found in the order of their keys */
    static <T> void write(Xml out, Parameters in, String list, List<T> found, Function<T, String> key, BiConsumer<T, Xml> describe) {
        int size = size(in.get("MaxRecords"));
        String after = after(in.get("Marker"));
        List<T> rest = after == null ? found : found.stream().filter(item -> key.apply(item).compareTo(after) > 0).toList();
        List<T> page = rest.subList(0, Math.min(size, rest.size()));
        out.open(list);
        page.forEach(item -> describe.accept(item, out));
        out.close(list);
        if (page.size() < rest.size()) {
            out.add("Marker", Base64.getUrlEncoder().encodeToString(key.apply(page.get(page.size() - 1)).getBytes(UTF_8)));
        }
    }

    private static int size(String given) {
        if (given == null) {
            return MOST;
        }
        int size = given.matches("\\d{1,9}") ? Integer.parseInt(given) : 0;
        if (size < LEAST || size > MOST) {
            throw Refusal.invalidValue("Invalid value " + given + " for MaxRecords. Must be between 20 and 100");
        }
        return size;
    }

    private static String after(String marker) {
        if (marker == null || marker.isEmpty()) {
            return null;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(marker), UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.invalidValue("Marker " + marker + " is invalid");
        }
    }
}
