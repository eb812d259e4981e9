package webapp.api.session;

import java.util.regex.Pattern;

/** Cognito did not do what it was asked, for a reason of the caller's or of the configuration. */
final class CognitoRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    private static final Pattern TYPE = Pattern.compile("[A-Za-z]{1,64}");

    private final String type;
    private final transient String text;

    /**
     * @param type such as {@code NotAuthorizedException}, in either of the forms Cognito writes it
     * @param text Cognito's, which is neither logged nor shown, since it may quote what was sent
     */
    CognitoRefusal(String operation, String type, String text) {
        super("Cognito refused " + operation + " with " + name(type), null, false, false);
        this.type = name(type);
        this.text = text == null ? "" : text;
    }

    /** Without the namespace before a number sign and the address after a colon. */
    private static String name(String type) {
        if (type == null) {
            return "no type";
        }
        String name = type.substring(type.indexOf('#') + 1);
        int colon = name.indexOf(':');
        name = colon < 0 ? name : name.substring(0, colon);
        return TYPE.matcher(name).matches() ? name : "an unreadable type";
    }

    String type() {
        return type;
    }

    boolean says(String part) {
        return text.contains(part);
    }
}
