package webapp.api.session;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.http.Request;

/**
 * The cookie that keeps a person signed in: Cognito's refresh token, which no script can read (HttpOnly), which goes over TLS alone
 * (Secure, and the name's prefix, which makes browsers insist on it), with requests of the site itself alone (SameSite=Strict), and to
 * the operations of the session alone (Path).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6265#section-4.2.1">RFC 6265, the header Cookie</a>
 */
final class RefreshCookie {
    static final String NAME = "__Secure-refresh";

    private static final String VARIABLE = "REFRESH_TOKEN_DAYS";
    private static final String ATTRIBUTES = "; Path=/api/session; HttpOnly; Secure; SameSite=Strict; Max-Age=";
    private static final int DEFAULT_DAYS = 30;

    /** Of a refresh token of Cognito. */
    private static final int LONGEST_DAYS = 3650;

    private static final int SECONDS_OF_A_DAY = 86_400;

    /** Browsers take 4096 bytes of name, value and attributes in all. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{1,3900}");

    private final int seconds;

    RefreshCookie(Configuration configuration) {
        String days = configuration.optionalText(VARIABLE);
        this.seconds = SECONDS_OF_A_DAY * (days == null ? DEFAULT_DAYS : days(days));
    }

    private static int days(String text) {
        try {
            int days = Integer.parseInt(text);
            if (days >= 1 && days <= LONGEST_DAYS) {
                return days;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number that is out of range.
        }
        throw new ConfigurationException(VARIABLE + " is '" + text + "': set it to a number of days (1-" + LONGEST_DAYS + ")");
    }

    /** @return the value of {@code Set-Cookie} for a token that Cognito gave */
    String of(String refreshToken) {
        if (!TOKEN.matcher(refreshToken).matches()) {
            throw new IllegalStateException("Cognito gave a refresh token that fits no cookie");
        }
        return NAME + "=" + refreshToken + ATTRIBUTES + seconds;
    }

    /** @return the value of {@code Set-Cookie} that takes the cookie away */
    static String gone() {
        return NAME + "=" + ATTRIBUTES + "0";
    }

    /**
     * All values a request has for the cookie, in its order. A browser sends several if another site of the domain has set one too: which
     * of them is ours cannot be told.
     */
    static Set<String> values(Request request) {
        Set<String> values = new LinkedHashSet<>();
        for (String header : request.headers().getOrDefault("Cookie", List.of())) {
            for (String pair : header.split(";")) {
                int equals = pair.indexOf('=');
                if (equals >= 0 && pair.substring(0, equals).strip().equals(NAME)) {
                    values.add(pair.substring(equals + 1).strip());
                }
            }
        }
        return values;
    }

    /** @return whether Cognito may have given it: nothing else is sent on */
    static boolean isToken(String value) {
        return TOKEN.matcher(value).matches();
    }
}
