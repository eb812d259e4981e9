package webapp.core.http;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What API Gateway's authorizers say of a request, in no form that an operation could use by mistake: {@link Admission} judges it.
 *
 * @param userArn the IAM principal that signed the request, null if it is not signed
 * @param apiKeyId null without an API key
 * @param partnerId as our Lambda authorizer found, null if it was not asked or found none
 * @param claims of a token whose signature, time and issuer an authorizer has checked; empty without one
 */
record Identity(String userArn, String apiKeyId, String partnerId, Map<String, String> claims) {
    /**
     * Reads a claim that is a list in the token. API Gateway makes a text of it: REST APIs {@code a,b}, HTTP APIs {@code [a b]}.
     *
     * @param separator of the items where there are no brackets
     * @return empty if the token has no such claim
     */
    Set<String> items(String claim, char separator) {
        String text = claims.get(claim);
        if (text == null) {
            return Set.of();
        }
        char between = separator;
        if (text.length() > 1 && text.charAt(0) == '[' && text.charAt(text.length() - 1) == ']') {
            text = text.substring(1, text.length() - 1);
            between = ' ';
        }
        Set<String> items = new LinkedHashSet<>();
        for (int start = 0; start <= text.length(); ) {
            int end = text.indexOf(between, start);
            if (end < 0) {
                end = text.length();
            }
            String item = text.substring(start, end).strip();
            if (!item.isEmpty()) {
                items.add(item);
            }
            start = end + 1;
        }
        return Collections.unmodifiableSet(items);
    }
}
