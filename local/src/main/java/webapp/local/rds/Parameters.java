package webapp.local.rds;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The parameters of a request in AWS's Query protocol: {@code Tags.Tag.1.Key=a&Tags.Tag.1.Value=b}. */
final class Parameters {
    private final Map<String, String> all;

    private Parameters(Map<String, String> all) {
        this.all = all;
    }

    static Parameters decode(byte[] form) {
        Map<String, String> all = new LinkedHashMap<>();
        String text = new String(form, StandardCharsets.US_ASCII);
        for (int start = 0; start < text.length();) {
            int end = text.indexOf('&', start);
            end = end < 0 ? text.length() : end;
            int equals = text.indexOf('=', start);
            if (equals >= 0 && equals < end) {
                all.put(decode(text.substring(start, equals)), decode(text.substring(equals + 1, end)));
            }
            start = end + 1;
        }
        return new Parameters(all);
    }

    static String decode(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    Map<String, String> asMap() {
        return all;
    }

    /** @return null when it was not given */
    String get(String name) {
        return all.get(name);
    }

    String get(String name, String otherwise) {
        return all.getOrDefault(name, otherwise);
    }

    boolean has(String name) {
        return all.containsKey(name);
    }

    boolean isTrue(String name) {
        return Boolean.parseBoolean(all.get(name));
    }

    String required(String name) {
        String value = all.get(name);
        if (value == null || value.isBlank()) {
            throw Refusal.of("MissingParameter", "The request must contain the parameter " + name);
        }
        return value;
    }

    /** The values of a list, in its order; empty when it was not given. */
    List<String> list(String name) {
        return new ArrayList<>(items(name).values().stream().map(item -> item.get("")).filter(value -> value != null).toList());
    }

    /** @return null when no tag was given */
    Map<String, String> tags(String name) {
        Map<Integer, Map<String, String>> items = items(name);
        if (items.isEmpty()) {
            return null;
        }
        Map<String, String> tags = new TreeMap<>();
        items.values().forEach(tag -> tags.put(tag.getOrDefault("Key", ""), tag.getOrDefault("Value", "")));
        return tags;
    }

    /** The request's filters: each name with its values. */
    Map<String, List<String>> filters() {
        Map<String, List<String>> filters = new LinkedHashMap<>();
        items("Filters").forEach((number, filter) -> {
            List<String> values = new ArrayList<>();
            filter.forEach((field, value) -> {
                if (field.startsWith("Values.")) {
                    values.add(value);
                }
            });
            filters.put(filter.getOrDefault("Name", ""), values);
        });
        return filters;
    }

    /** The fields of each item of a list ({@code name.member.1.field}), by the item's number; the field of a plain value is "". */
    private Map<Integer, Map<String, String>> items(String name) {
        Map<Integer, Map<String, String>> items = new TreeMap<>();
        String prefix = name + ".";
        all.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                int number = key.indexOf('.', prefix.length());
                if (number < 0) {
                    return;
                }
                int field = key.indexOf('.', number + 1);
                String digits = key.substring(number + 1, field < 0 ? key.length() : field);
                items.computeIfAbsent(Integer.valueOf(digits), n -> new LinkedHashMap<>())
                        .put(field < 0 ? "" : key.substring(field + 1), value);
            }
        });
        return items;
    }
}
