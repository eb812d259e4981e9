package webapp.backup;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What things are called in AWS: from the database and the slot alone, so that whoever comes after a crash finds them. */
final class Names {
    /** Tries of one snapshot, copy or export. */
    static final int ATTEMPTS = 3;

    private static final DateTimeFormatter SLOT = DateTimeFormatter.ofPattern("yyyyMMdd-HHmm").withZone(ZoneOffset.UTC);
    private static final Pattern RETRY = Pattern.compile("-r([0-9])$");
    private static final Pattern COPY_RETRY = Pattern.compile("-c([0-9])$");
    private static final Map<Role, Pattern> SUFFIXES = Map.of(
            Role.PRIMARY, Pattern.compile("(-r[0-9])?"),
            Role.CMK, Pattern.compile("(-r[0-9])?-cmk(-c[0-9])?"),
            Role.RECOVERY, Pattern.compile("(-r[0-9])?(-c[0-9])?"));
    private static final Pattern NOTHING = Pattern.compile("(?!)");

    private Names() {}

    /** @param attempt from 1 */
    static String primary(String database, Instant slot, int attempt) {
        return "bk-" + database + "-" + SLOT.format(slot) + (attempt == 1 ? "" : "-r" + (attempt - 1));
    }

    /**
     * The copy under the customer's key.
     *
     * @param attempt from 1
     */
    static String cmk(String primary, int attempt) {
        return copy(primary + "-cmk", attempt);
    }

    /**
     * The copy in the recovery region. Its retries have a suffix other than the primary's, whose own retry it might be otherwise.
     *
     * @param attempt from 1
     */
    static String recovery(String primary, int attempt) {
        return copy(primary, attempt);
    }

    private static String copy(String name, int attempt) {
        return attempt == 1 ? name : name + "-c" + (attempt - 1);
    }

    /**
     * At most 60 characters, which are used up for ever: a later attempt needs a name of its own.
     *
     * @param attempt from 1
     */
    static String export(String database, Instant slot, int attempt) {
        return "x-" + digest(database) + "-" + SLOT.format(slot) + "-a" + attempt;
    }

    /** The instance or cluster that a drill restores. */
    static String drill(String database, Instant slot) {
        return "drill-" + digest(database) + "-" + SLOT.format(slot);
    }

    /** @return whether a snapshot of this role and slot has this name, at whichever attempt */
    static boolean is(Role role, String database, Instant slot, String name) {
        String base;
        try {
            base = primary(database, slot, 1);
        } catch (DateTimeException e) {
            return false; // Names have years of four digits; a tag may have any.
        }
        return name.startsWith(base) && SUFFIXES.getOrDefault(role, NOTHING).matcher(name.substring(base.length())).matches();
    }

    /** @return which attempt at a snapshot of this role has this name, from 1 */
    static int attempt(Role role, String name) {
        Matcher retry = (role == Role.PRIMARY ? RETRY : COPY_RETRY).matcher(name);
        return retry.find() ? Integer.parseInt(retry.group(1)) + 1 : 1;
    }

    /** @return the first 8 hexadecimal digits of the SHA-256 */
    static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
