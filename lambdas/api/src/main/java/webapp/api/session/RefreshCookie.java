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
 * (Secure), with requests of the site itself alone (SameSite=Strict), and which this host alone can set: the name's prefix makes browsers
 * refuse it with a Domain. Without it another site of the domain could plant a cookie of this name here, and so sign people in to an
 * account of its own, or out. The prefix asks for {@code Path=/}, so that all requests to this host bring the cookie; only the session's
 * operations read it, and CloudFront hands none on to the site's files.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-__host-prefix">RFC 6265bis, the prefix</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6265#section-4.2.1">RFC 6265, the header Cookie</a>
 */
final class RefreshCookie {
    static final String NAME = "__Host-refresh";

    private static final String VARIABLE = "REFRESH_TOKEN_DAYS";
    private static final String ATTRIBUTES = "; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=";
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
     * All values a request has for the cookie, in its order. Several come only of a browser that does not know the prefix, where another
     * site of the domain has set one too: which of them is ours cannot be told.
     */
    static Set<String> values(Request request) {
        Set<String> values = new LinkedHashSet<>();
        for (String header : request.headers().getOrDefault("Cookie", List.of())) {
            for (String pair : header.split(";")) {
                int equals = pair.indexOf('=');
                // Not strip(): browsers keep Unicode's spaces in a name, which then has no prefix for them to guard.
                if (equals >= 0 && pair.substring(0, equals).trim().equals(NAME)) {
                    values.add(pair.substring(equals + 1).trim());
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
