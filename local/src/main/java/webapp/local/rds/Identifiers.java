package webapp.local.rds;

import java.util.Locale;
import java.util.regex.Pattern;

/** RDS's rule for the names of what is created. */
final class Identifiers {
    static final int SNAPSHOT_LENGTH = 255;
    static final int DATABASE_LENGTH = 63;
    static final int EXPORT_LENGTH = 60;

    private static final Pattern FORM = Pattern.compile("[A-Za-z](-?[A-Za-z0-9])*");

    private Identifiers() {}

    /** @return in lower case, as RDS stores it */
    static String checked(String parameter, String given, int longest) {
        if (given.length() > longest || !FORM.matcher(given).matches()) {
            throw Refusal.invalidValue("The parameter " + parameter + " is not a valid identifier. Identifiers must begin with a letter; "
                    + "must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive "
                    + "hyphens; at most " + longest + " characters.");
        }
        return given.toLowerCase(Locale.ROOT);
    }
}
