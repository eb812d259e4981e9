package webapp.api.authorizer;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.NamedParameterSpec;

/**
 * A public key, with the one algorithm of its type. A token's header cannot choose another: not "none", and not an HMAC with the public
 * key for its secret.
 *
 * @param id null if it has none
 */
record VerificationKey(String id, Algorithm algorithm, PublicKey key) {
    /** @param jca its name in the JDK */
    enum Algorithm {
        EdDSA("Ed25519"),
        ES256("SHA256withECDSAinP1363Format"),
        RS256("SHA256withRSA");

        private final String jca;

        Algorithm(String jca) {
            this.jca = jca;
        }
    }

    private static final int SHORTEST_RSA = 2048;

    /** A longer one makes each verification slow, and nobody has one. */
    private static final int LONGEST_RSA = 8192;

    /** @throws GeneralSecurityException if no algorithm here takes such a key */
    static VerificationKey of(String id, PublicKey key) throws GeneralSecurityException {
        if (key instanceof EdECPublicKey edwards && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            return new VerificationKey(id, Algorithm.EdDSA, key);
        }
        if (key instanceof ECPublicKey elliptic && isP256(elliptic.getParams())) {
            return new VerificationKey(id, Algorithm.ES256, key);
        }
        if (key instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() >= SHORTEST_RSA
                && rsa.getModulus().bitLength() <= LONGEST_RSA
                && rsa.getPublicExponent().compareTo(BigInteger.TWO) > 0
                && rsa.getPublicExponent().testBit(0)) {
            return new VerificationKey(id, Algorithm.RS256, key);
        }
        throw new GeneralSecurityException("neither Ed25519, nor P-256, nor RSA of 2048 to 8192 bits");
    }

    private static boolean isP256(ECParameterSpec given) throws GeneralSecurityException {
        ECParameterSpec p256 = p256();
        return given.getCurve().equals(p256.getCurve())
                && given.getOrder().equals(p256.getOrder())
                && given.getGenerator().equals(p256.getGenerator())
                && given.getCofactor() == p256.getCofactor();
    }

    static ECParameterSpec p256() throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    /** @return whether the token says this key's algorithm, and this key's owner signed it */
    boolean verifies(Jwt token) {
        if (!algorithm.name().equals(token.algorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(algorithm.jca);
            signature.initVerify(key);
            signature.update(token.signed());
            return signature.verify(token.signature());
        } catch (GeneralSecurityException e) {
            // Of another length, or of numbers out of range: no signature. Nothing secret is here, so that how long it took tells nothing.
            return false;
        }
    }
}
