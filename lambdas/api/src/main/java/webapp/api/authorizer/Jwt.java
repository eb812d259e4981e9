package webapp.api.authorizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import webapp.core.http.StrictJson;

/**
 * A signed token in its compact form (RFC 7515, RFC 7519), read strictly and not yet believed: {@link TokenVerifier} does that.
 *
 * @param algorithm as the header says, which decides nothing: a key has its own
 * @param keyId null if the header names none
 * @param signed the bytes that the signature is of
 */
record Jwt(String algorithm, String keyId, Map<String, Object> claims, byte[] signed, byte[] signature) {
    /** API Gateway takes 10,240 bytes of headers in all. */
    static final int LONGEST = 8192;

    private static final int LONGEST_KEY_ID = 256;

    /** The end of the year 9999: what is beyond is no time. */
    private static final double LAST_SECOND = 253402300799d;

    /** @throws TokenRefused whatever the text is */
    static Jwt parse(String token) throws TokenRefused {
        if (token.length() > LONGEST) {
            throw new TokenRefused("too long");
        }
        String[] parts = token.split("[.]", -1);
        if (parts.length != 3) {
            throw new TokenRefused("not three parts");
        }
        Map<String, Object> header = object(parts[0]);
        if (header.containsKey("crit")) {
            // It names extensions that must be understood, and none is.
            throw new TokenRefused("critical extension");
        }
        if (!(header.get("alg") instanceof String algorithm)) {
            throw new TokenRefused("no algorithm");
        }
        Object keyId = header.get("kid");
        if (header.containsKey("kid") && !(keyId instanceof String id && id.length() <= LONGEST_KEY_ID)) {
            throw new TokenRefused("malformed key id");
        }
        return new Jwt(
                algorithm,
                (String) keyId,
                object(parts[1]),
                (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                bytes(parts[2]));
    }

    private static Map<String, Object> object(String part) throws TokenRefused {
        try {
            return StrictJson.object(bytes(part));
        } catch (IOException e) {
            // Without the cause, whose message may quote the token.
            throw new TokenRefused("header or claims are no strict JSON object");
        }
    }

    private static byte[] bytes(String part) throws TokenRefused {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            // Not so with padding, and with bits that no encoder writes: one token has one spelling.
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // Refused below, like bits that no encoder writes.
        }
        throw new TokenRefused("not base64url");
    }

    /** @return null if the claim is absent */
    String text(String name) throws TokenRefused {
        Object value = claims.get(name);
        if (value == null && !claims.containsKey(name) || value instanceof String) {
            return (String) value;
        }
        throw new TokenRefused("the claim " + name + " is no text");
    }

    /** @return the claim's texts, be it one or a list; empty if it is absent */
    List<String> texts(String name) throws TokenRefused {
        Object value = claims.get(name);
        if (!claims.containsKey(name)) {
            return List.of();
        }
        if (value instanceof String text) {
            return List.of(text);
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw new TokenRefused("the claim " + name + " is neither a text nor a list of texts");
    }

    /** @return null if the claim is absent */
    Instant time(String name) throws TokenRefused {
        if (!claims.containsKey(name)) {
            return null;
        }
        if (claims.get(name) instanceof Double seconds && seconds >= 0 && seconds <= LAST_SECOND) {
            return Instant.ofEpochSecond(seconds.longValue());
        }
        throw new TokenRefused("the claim " + name + " is no time");
    }
}
