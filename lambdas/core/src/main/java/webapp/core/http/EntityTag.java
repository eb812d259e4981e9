package webapp.core.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Names a state of what was answered, by its content: equal content has equal tags in every environment, after every restart.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3">RFC 9110, ETag</a>
 */
public final class EntityTag {
    /** As much of the SHA-256 as makes two contents of one tag impossible in practice. */
    private static final int BYTES = 16;

    private final String text;

    private EntityTag(String text) {
        this.text = text;
    }

    public static EntityTag of(String content) {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        return new EntityTag("\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES)) + "\"");
    }

    /**
     * Strong comparison, for {@code If-Match}: a weak tag, such as a proxy makes of a strong one, is never equal.
     *
     * @param tag one tag as it stands in a header
     */
    public boolean is(String tag) {
        return text.equals(tag);
    }

    /**
     * Weak comparison with the tags of {@code If-None-Match}: a weak tag is as good as a strong one, and {@code *} is any. Tags after
     * one that is malformed do not count, which costs the client no more than an answer in full.
     *
     * @param fields the header's values, each a list
     */
    boolean isAmong(List<String> fields) {
        for (String field : fields) {
            if (field != null && (field.strip().equals("*") || isAmong(field))) {
                return true;
            }
        }
        return false;
    }

    private boolean isAmong(String list) {
        int at = 0;
        while (at < list.length()) {
            char c = list.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            if (list.startsWith("W/", at)) {
                at += 2;
            }
            // A tag may hold a comma, but no quotation mark.
            int end = at < list.length() && list.charAt(at) == '"' ? list.indexOf('"', at + 1) : -1;
            if (end < 0) {
                return false;
            }
            if (list.regionMatches(at, text, 0, text.length()) && end - at + 1 == text.length()) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    /** @return the tag as it stands in the header {@code ETag}, in its quotation marks */
    @Override
    public String toString() {
        return text;
    }
}
