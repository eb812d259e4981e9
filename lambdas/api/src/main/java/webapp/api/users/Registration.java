package webapp.api.users;

import java.util.List;
import java.util.regex.Pattern;
import webapp.core.http.Fields;

/**
 * A valid request to register. The rules are the contract's, checked again because API Gateway skips them for some content types.
 *
 * @param phone null if it is not given
 */
record Registration(String name, String email, String phone) {
    static final int LONGEST_NAME = 100;
    static final int LONGEST_EMAIL = 254;

    /** The contract's pattern: ASCII, linear in its input. */
    static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}([.][A-Za-z0-9-]{1,63})+");

    /** The contract's pattern: E.164. */
    static final Pattern PHONE = Pattern.compile("[+][1-9][0-9]{6,14}");

    /** @throws webapp.core.problem.ProblemException 400 with every error */
    static Registration of(Fields fields) {
        String name = fields.text("name");
        String email = fields.text("email");
        String phone = fields.optionalText("phone");
        checkName(name, fields);
        if (email != null) {
            if (email.length() > LONGEST_EMAIL) {
                fields.reject("email", "must be at most " + LONGEST_EMAIL + " characters long");
            } else if (!EMAIL.matcher(email).matches()) {
                fields.reject("email", "must be an email address");
            }
        }
        checkPhone(phone, fields);
        fields.check();
        return new Registration(name, email, phone);
    }

    /** @return the names and values of the given members, which make two requests the same or not */
    List<String> content() {
        return phone == null
                ? List.of("name", name, "email", email)
                : List.of("name", name, "email", email, "phone", phone);
    }

    /** @param name null once an error is collected for it */
    static void checkName(String name, Fields fields) {
        if (name == null) {
            return;
        }
        if (name.codePoints().allMatch(character -> Character.isWhitespace(character) || Character.isSpaceChar(character))) {
            fields.reject("name", "must not be blank");
        } else if (name.codePointCount(0, name.length()) > LONGEST_NAME) {
            fields.reject("name", "must be at most " + LONGEST_NAME + " characters long");
        } else if (name.codePoints().anyMatch(Character::isISOControl)) {
            fields.reject("name", "must not contain control characters");
        }
    }

    /** @param phone null if it is not given */
    static void checkPhone(String phone, Fields fields) {
        if (phone != null && !PHONE.matcher(phone).matches()) {
            fields.reject("phone", "must be a phone number with a plus sign and the country code, without spaces");
        }
    }
}
