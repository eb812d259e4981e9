package webapp.api.authorizer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.http.StrictJson;
import webapp.core.time.Deadline;

/**
 * The partners' public keys, as {@code PARTNER_KEYS} has them: {@code {"acme": ["<base64 or PEM>", ...]}}. A partner has up to
 * {@value #MOST_KEYS} keys, so that it can change to another while both are valid.
 */
final class PartnerKeys implements TokenVerifier.Keys {
    /** An id is part of a policy's ARN: it must not hold a wildcard, a variable or a slash. */
    static final Pattern PARTNER = Pattern.compile("[a-z0-9-]{1,32}");

    private static final String VARIABLE = "PARTNER_KEYS";
    private static final int MOST_KEYS = 4;

    private final Map<String, List<VerificationKey>> keys;

    private PartnerKeys(Map<String, List<VerificationKey>> keys) {
        this.keys = keys;
    }

    /** @throws ConfigurationException naming the partner and the remedy; it quotes no key, because somebody may have set a private one */
    static PartnerKeys of(Configuration configuration) {
        Map<String, Object> partners;
        try {
            partners = StrictJson.object(configuration.text(VARIABLE).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigurationException(
                    VARIABLE + " is no JSON object of lists: write {\"partner\": [\"public key\"]}, each partner once");
        }
        Map<String, List<VerificationKey>> keys = new HashMap<>();
        partners.forEach((partner, value) -> keys.put(partner, keys(partner, value)));
        return new PartnerKeys(keys);
    }

    private static List<VerificationKey> keys(String partner, Object value) {
        if (!PARTNER.matcher(partner).matches()) {
            throw new ConfigurationException(
                    VARIABLE + " has the partner '" + partner + "': an id is 1-32 of the characters a-z, 0-9 and hyphen");
        }
        if (!(value instanceof List<?> texts) || texts.isEmpty() || texts.size() > MOST_KEYS) {
            throw new ConfigurationException(
                    VARIABLE + " must have a list of 1-" + MOST_KEYS + " public keys for the partner " + partner);
        }
        List<VerificationKey> keys = new ArrayList<>();
        for (Object text : texts) {
            try {
                keys.add(VerificationKey.of(null, publicKey(partner, text)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                // Without the cause, whose message may quote the key.
                throw new ConfigurationException(VARIABLE + " has for the partner " + partner
                        + " what is no public key of Ed25519, P-256 or RSA of 2048 to 8192 bits"
                        + ": write what `openssl pkey -pubout` prints");
            }
        }
        return List.copyOf(keys);
    }

    private static PublicKey publicKey(String partner, Object text) throws GeneralSecurityException {
        if (!(text instanceof String pem)) {
            throw new IllegalArgumentException("no text");
        }
        if (pem.contains("PRIVATE KEY")) {
            throw new ConfigurationException(VARIABLE + " has a private key for the partner " + partner
                    + ": it is no longer secret; have the partner make another pair, and set the public key alone");
        }
        byte[] der = Base64.getDecoder()
                .decode(pem.replace("-----BEGIN PUBLIC KEY-----", "").replace("-----END PUBLIC KEY-----", "").replaceAll("\\s", ""));
        for (String type : List.of("Ed25519", "EC", "RSA")) {
            try {
                return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // Another type's, or nobody's.
            }
        }
        throw new InvalidKeySpecException("of no known type");
    }

    /** Those of the partner that the token says it is from: another partner's key verifies nothing of it. */
    @Override
    public List<VerificationKey> of(Jwt token, Deadline deadline) throws TokenRefused {
        String partner = token.text("sub");
        List<VerificationKey> own = partner == null ? null : keys.get(partner);
        if (own == null) {
            throw new TokenRefused("of no known partner");
        }
        return own;
    }
}
