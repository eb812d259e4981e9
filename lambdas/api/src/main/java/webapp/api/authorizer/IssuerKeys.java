package webapp.api.authorizer;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import webapp.core.http.StrictJson;
import webapp.core.time.Deadline;

/**
 * The keys an OpenID Connect issuer publishes. They are read when they are first needed and again {@linkplain #FRESH every hour}; for a
 * key id that is not among them at once, but at most {@linkplain #PAUSE once a minute}, because anybody can send tokens with made-up ids. If
 * the issuer does not answer, those that are there serve for {@linkplain #USABLE a day} from when they were read. Without any, it is tried
 * again {@linkplain #RETRY_PAUSE five seconds} after it failed, and tokens meet that failure meanwhile: a try may take as long.
 *
 * <p>All by the wall clock: keys in a SnapStart snapshot have the age of the snapshot, and are read anew when it is restored later.
 *
 * <p>Safe for use by several threads, which wait for one that reads.
 *
 * @see <a href="https://openid.net/specs/openid-connect-discovery-1_0.html">OpenID Connect Discovery</a>
 * @see <a href="https://datatracker.ietf.org/doc/html/rfc7517">JSON Web Key</a>
 */
final class IssuerKeys implements TokenVerifier.Keys {
    static final Duration FRESH = Duration.ofHours(1);
    static final Duration USABLE = Duration.ofDays(1);
    static final Duration PAUSE = Duration.ofMinutes(1);
    static final Duration RETRY_PAUSE = Duration.ofSeconds(5);
    static final int LONGEST_DOCUMENT = 128 * 1024;
    private static final int MOST_KEYS = 64;
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    /** Reads a document that the issuer publishes. */
    @FunctionalInterface
    interface Documents {
        byte[] read(URI address, Deadline deadline) throws IOException;
    }

    private final String issuer;
    private final Documents documents;
    private final Clock clock;
    private final LambdaLogger log;
    private List<VerificationKey> keys;
    private Instant read = Instant.MIN;
    private Instant tried = Instant.MIN;
    private Instant failed = Instant.MIN;
    private IOException failure;

    IssuerKeys(String issuer, Documents documents, Clock clock, LambdaLogger log) {
        this.issuer = issuer;
        this.documents = documents;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public synchronized List<VerificationKey> of(Jwt token, Deadline deadline) throws IOException {
        Instant now = clock.instant();
        if (keys == null) {
            tryToReadKeys(now, deadline);
        } else if (older(read, FRESH, now)) {
            readKeysOrKeep(now, deadline);
        }
        List<VerificationKey> named = named(token.keyId());
        if (named.isEmpty()) {
            readKeysOrKeep(now, deadline);
            named = named(token.keyId());
        }
        return named;
    }

    /** @return those with the id, or all if a token names none */
    private List<VerificationKey> named(String keyId) {
        return keyId == null ? keys : keys.stream().filter(key -> keyId.equals(key.id())).toList();
    }

    private void readKeysOrKeep(Instant now, Deadline deadline) throws IOException {
        boolean usable = !older(read, USABLE, now);
        if (usable && !older(tried, PAUSE, now)) {
            return;
        }
        try {
            tryToReadKeys(now, deadline);
        } catch (IOException e) {
            if (!usable) {
                throw e;
            }
            log.log("The issuer's keys could not be read, those of " + read + " serve on: " + e, LogLevel.WARN);
        }
    }

    /** Not {@code Duration.between}, which cannot count from {@code Instant.MIN}. */
    private static boolean older(Instant since, Duration age, Instant now) {
        return since.isBefore(now.minus(age));
    }

    private void tryToReadKeys(Instant now, Deadline deadline) throws IOException {
        if (!older(failed, RETRY_PAUSE, now)) {
            throw new IOException("The issuer is not asked again yet, after: " + failure.getMessage(), failure);
        }
        try {
            readKeys(now, deadline);
        } catch (IOException e) {
            failed = clock.instant();
            failure = e;
            throw e;
        }
    }

    private void readKeys(Instant now, Deadline deadline) throws IOException {
        tried = now;
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        Map<String, Object> discovery = object(URI.create(base + DISCOVERY), deadline);
        if (!issuer.equals(discovery.get("issuer"))) {
            throw new IOException("the discovery document is another issuer's than JWT_ISSUER");
        }
        if (!(discovery.get("jwks_uri") instanceof String address) || !address.startsWith("https://")) {
            throw new IOException("the discovery document has no jwks_uri with https");
        }
        List<VerificationKey> found = parse(object(uri(address), deadline));
        if (found.isEmpty()) {
            throw new IOException("the issuer publishes no key for RS256 or ES256");
        }
        keys = found;
        read = now;
    }

    private static URI uri(String address) throws IOException {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException e) {
            throw new IOException("the discovery document's jwks_uri is no URI", e);
        }
    }

    private Map<String, Object> object(URI address, Deadline deadline) throws IOException {
        try {
            return StrictJson.object(documents.read(address, deadline));
        } catch (IOException e) {
            throw new IOException("cannot read " + address + ": " + e.getMessage(), e);
        }
    }

    /** @return the keys that verify signatures here; others (to encrypt, of other types) are left out, as RFC 7517 asks */
    private static List<VerificationKey> parse(Map<String, Object> set) throws IOException {
        if (!(set.get("keys") instanceof List<?> entries) || entries.size() > MOST_KEYS) {
            throw new IOException("the key set is no list of at most " + MOST_KEYS + " keys");
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> jwk && (jwk.get("use") == null || "sig".equals(jwk.get("use")))) {
                try {
                    VerificationKey key = VerificationKey.of(jwk.get("kid") instanceof String id ? id : null, publicKey(jwk));
                    if (jwk.get("alg") == null || key.algorithm().name().equals(jwk.get("alg"))) {
                        keys.add(key);
                    }
                } catch (GeneralSecurityException | IllegalArgumentException e) {
                    // A type or a size that nothing here verifies.
                }
            }
        }
        return List.copyOf(keys);
    }

    private static PublicKey publicKey(Map<?, ?> jwk) throws GeneralSecurityException {
        if ("RSA".equals(jwk.get("kty"))) {
            return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
        }
        if ("EC".equals(jwk.get("kty")) && "P-256".equals(jwk.get("crv"))) {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(new ECPoint(number(jwk, "x"), number(jwk, "y")), VerificationKey.p256()));
        }
        throw new GeneralSecurityException("neither RSA nor P-256");
    }

    private static BigInteger number(Map<?, ?> jwk, String name) {
        if (jwk.get(name) instanceof String text) {
            return new BigInteger(1, Base64.getUrlDecoder().decode(text));
        }
        throw new IllegalArgumentException("no " + name);
    }
}
