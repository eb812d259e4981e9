package webapp.api.session;

import java.util.regex.Pattern;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.http.Fields;

/**
 * What people write to sign up and in. The rules are the contract's, and those of Cognito's own types, which would refuse the rest with
 * texts of its own.
 *
 * @see <a href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SignUp.html">SignUp</a>
 */
final class Accounts {
    static final int SHORTEST_EMAIL = 6;
    /** Of Cognito's type for the names of users. */
    static final int LONGEST_EMAIL = 128;
    static final int LONGEST_PASSWORD = 256;

    /** The contract's; a pool may ask for more. */
    static final int SHORTEST_PASSWORD = 12;

    /** The contract's pattern: ASCII, linear in its input. */
    static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}([.][A-Za-z0-9-]{1,63})+");

    /** What signUp answered: the user's name in the pool. */
    static final Pattern ACCOUNT_ID = Pattern.compile("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}");

    static final Pattern CODE = Pattern.compile("[0-9]{6}");

    /**
     * What {@code \s} is to ECMA 262, which API Gateway reads patterns by, to Java, Python or Rust. They disagree, for example on U+FEFF,
     * U+0085 and U+001C; a password that ends in one of these would be right for one of them only.
     */
    private static final String WHITE_SPACE =
            "\\u0009-\\u000d\\u001c-\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";

    /** Of Cognito's type for passwords: it begins and ends with something visible, and has no line break. */
    static final Pattern PASSWORD = Pattern.compile("[^" + WHITE_SPACE + "][^\\n\\r\\u0085\\u2028\\u2029]*[^" + WHITE_SPACE + "]");

    private static final String MINIMUM = "PASSWORD_MINIMUM_LENGTH";

    record SignUp(String email, String password) {
        /** Keeps secrets out of logs. */
        @Override
        public String toString() {
            return "SignUp[]";
        }
    }

    record SignIn(String email, String password) {
        /** Keeps secrets out of logs. */
        @Override
        public String toString() {
            return "SignIn[]";
        }
    }

    record Confirmation(String accountId, String code) {
        /** Keeps secrets out of logs. */
        @Override
        public String toString() {
            return "Confirmation[]";
        }
    }

    private final int shortestPassword;

    Accounts(Configuration configuration) {
        String minimum = configuration.optionalText(MINIMUM);
        this.shortestPassword = minimum == null ? SHORTEST_PASSWORD : length(minimum);
    }

    private static int length(String text) {
        try {
            int length = Integer.parseInt(text);
            if (length >= SHORTEST_PASSWORD && length <= LONGEST_PASSWORD) {
                return length;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number that is out of range.
        }
        throw new ConfigurationException(MINIMUM + " is '" + text + "': set it to the user pool's minimum length ("
                + SHORTEST_PASSWORD + "-" + LONGEST_PASSWORD + ")");
    }

    SignUp signUp(Fields fields) {
        String email = text(fields, "email", SHORTEST_EMAIL, LONGEST_EMAIL);
        String password = text(fields, "password", shortestPassword, LONGEST_PASSWORD);
        if (email != null && !EMAIL.matcher(email).matches()) {
            fields.reject("email", "must be an email address");
        }
        if (password != null && !PASSWORD.matcher(password).matches()) {
            fields.reject("password", "must not begin or end with white space, or have a line break");
        }
        fields.check();
        return new SignUp(email, password);
    }

    SignIn signIn(Fields fields) {
        String email = text(fields, "email", SHORTEST_EMAIL, LONGEST_EMAIL);
        String password = text(fields, "password", 1, LONGEST_PASSWORD);
        fields.check();
        return new SignIn(email, password);
    }

    Confirmation confirmation(Fields fields) {
        String accountId = idOf(fields);
        String code = fields.text("code");
        if (code != null && !CODE.matcher(code).matches()) {
            fields.reject("code", "must be six digits");
        }
        fields.check();
        return new Confirmation(accountId, code);
    }

    String accountId(Fields fields) {
        String accountId = idOf(fields);
        fields.check();
        return accountId;
    }

    /** @return null once an error is collected */
    private static String idOf(Fields fields) {
        String accountId = fields.text("accountId");
        if (accountId == null || ACCOUNT_ID.matcher(accountId).matches()) {
            return accountId;
        }
        fields.reject("accountId", "must be the one that signUp answered");
        return null;
    }

    /** @return null once an error is collected */
    private static String text(Fields fields, String name, int shortest, int longest) {
        String text = fields.text(name);
        if (text == null) {
            return null;
        }
        int length = text.codePointCount(0, text.length());
        if (length < shortest || length > longest) {
            fields.reject(name, "must be " + shortest + "-" + longest + " characters long");
            return null;
        }
        return text;
    }

    /** @return whether an account can have such an address; no other is asked for, and each is answered like one that has no account */
    static boolean mayExist(String email) {
        return EMAIL.matcher(email).matches();
    }
}
