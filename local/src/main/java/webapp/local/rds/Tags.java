package webapp.local.rds;

import java.util.Locale;
import java.util.Map;

/**
 * What RDS accepts as tags.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.html">Tagging Amazon RDS resources</a>
 */
final class Tags {
    private static final int MOST = 50;
    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;
    private static final String CHARACTERS = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*";

    private Tags() {}

    /** @return the tags, or an empty map for null */
    static Map<String, String> checked(Map<String, String> tags) {
        if (tags == null) {
            return Map.of();
        }
        if (tags.size() > MOST) {
            throw tooMany();
        }
        tags.forEach((key, value) -> {
            if (key.toLowerCase(Locale.ROOT).startsWith("aws:") || key.toLowerCase(Locale.ROOT).startsWith("rds:")) {
                throw Refusal.invalidValue("Tag keys cannot start with the reserved prefix for system tags");
            }
            if (key.isEmpty() || key.length() > LONGEST_KEY || !key.matches(CHARACTERS)) {
                throw Refusal.invalidValue("The tag key " + key + " is not valid: 1 to 128 letters, digits, spaces or _.:/=+-@");
            }
            if (value.length() > LONGEST_VALUE || !value.matches(CHARACTERS)) {
                throw Refusal.invalidValue("The value of tag " + key + " is not valid: at most 256 letters, digits, spaces or _.:/=+-@");
            }
        });
        return tags;
    }

    static void put(Map<String, String> present, Map<String, String> added) {
        long more = added.keySet().stream().filter(key -> !present.containsKey(key)).count();
        if (present.size() + more > MOST) {
            throw tooMany();
        }
        present.putAll(added);
    }

    private static Refusal tooMany() {
        return Refusal.invalidValue("A resource can have at most 50 tags");
    }

    static void write(Xml xml, Map<String, String> tags) {
        xml.open("TagList");
        tags.forEach((key, value) -> xml.open("Tag").add("Key", key).add("Value", value).close("Tag"));
        xml.close("TagList");
    }
}
