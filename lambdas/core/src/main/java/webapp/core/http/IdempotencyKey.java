package webapp.core.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/**
 * The header {@code Idempotency-Key} of a request: a client that got no answer repeats the request under the same key, and it is
 * carried out once. Only hashes of it are kept.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07">The Idempotency-Key HTTP Header Field</a>
 */
public final class IdempotencyKey {
    static final String HEADER = "Idempotency-Key";

    private static final ProblemType REUSED =
            new ProblemType("idempotency-key-reused", "Idempotency key reused", 422);

    /** The contract's pattern: in quotation marks as the draft asks for (a structured field's string), or bare as many clients send it. */
    public static final Pattern FORM = Pattern.compile("\"[!#-\\[\\]-~]{1,255}\"|[!#-\\[\\]-~]{1,255}");

    private final byte[] keyHash;
    private final byte[] requestHash;

    private IdempotencyKey(byte[] keyHash, byte[] requestHash) {
        this.keyHash = keyHash;
        this.requestHash = requestHash;
    }

    /**
     * @param scope the operation, and its caller where callers are told apart: keys of different scopes are different keys
     * @param content what is asked for: two requests with equal content are the same request. Leave absent members out, so that a
     *     request means the same after the contract got another optional one
     * @return null if the request has no such header
     * @throws ProblemException 400 if it has several, or one of another form
     */
    public static IdempotencyKey of(Request request, List<String> scope, List<String> content) {
        List<String> values = request.headers().getOrDefault(HEADER, List.of());
        if (values.isEmpty()) {
            return null;
        }
        String value = values.get(0);
        if (values.size() > 1 || value == null || !FORM.matcher(value).matches()) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "The header " + HEADER + " must be given once and hold 1 to 255 visible ASCII characters, none of them a quotation mark"
                            + " or backslash, with or without quotation marks around them.");
        }
        String key = value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
        List<String> asked = new ArrayList<>(content.size() + 1);
        // Names and addresses can be guessed, the key cannot: with it, the hash does not give them away.
        asked.add(key);
        asked.addAll(content);
        List<String> scoped = new ArrayList<>(scope);
        scoped.add(key);
        return new IdempotencyKey(hash(scoped), hash(asked));
    }

    /**
     * As {@link #of}, for an operation that is not carried out without a key.
     *
     * @throws ProblemException 400 if the request has no such header, several, or one of another form
     */
    public static IdempotencyKey required(Request request, List<String> scope, List<String> content) {
        IdempotencyKey key = of(request, scope, content);
        if (key == null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The header " + HEADER + " is required.");
        }
        return key;
    }

    private static byte[] hash(List<String> texts) {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            // The length first: ("ab", "c") is not ("a", "bc").
            sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
            sha256.update(bytes);
        }
        return sha256.digest();
    }

    /** @return what a store finds the key by: of this scope and key alone */
    public byte[] keyHash() {
        return keyHash;
    }

    /** @return the same for two requests under this key that ask for the same */
    public byte[] requestHash() {
        return requestHash;
    }

    /** @return 422, for a store that knows the key of a request with another {@link #requestHash} */
    public static ProblemException reused() {
        return new ProblemException(
                REUSED, "This Idempotency-Key was used for another request; send a new request under a new key.");
    }
}
