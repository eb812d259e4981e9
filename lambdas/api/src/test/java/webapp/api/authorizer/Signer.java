package webapp.api.authorizer;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Whoever has a private key, and makes tokens with it, good ones and bad. */
record Signer(String algorithm, String jca, KeyPair keys) {
    static Signer ed25519() {
        return of("EdDSA", "Ed25519", "Ed25519", 0);
    }

    static Signer p256() {
        return of("ES256", "SHA256withECDSAinP1363Format", "EC", 256);
    }

    static Signer rsa() {
        return rsa(2048);
    }

    static Signer rsa(int bits) {
        return of("RS256", "SHA256withRSA", "RSA", bits);
    }

    private static Signer of(String algorithm, String jca, String type, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type);
            if (type.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else if (bits > 0) {
                generator.initialize(bits);
            }
            return new Signer(algorithm, jca, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public key as PARTNER_KEYS has it. */
    String publicKey() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    String token(String claims) {
        return token("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}", claims);
    }

    String token(String header, String claims) {
        return token(header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8));
    }

    String token(byte[] header, byte[] claims) {
        String signed = encode(header) + "." + encode(claims);
        return signed + "." + encode(sign(signed));
    }

    private byte[] sign(String text) {
        try {
            Signature signature = Signature.getInstance(jca);
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The forgery of CVE-2015-9235: an HMAC whose secret is the public key, as the verifier spells it. */
    String tokenByHmacWithPublicKey(byte[] publicKey, String claims) {
        String signed = encode("{\"alg\":\"HS256\"}") + "." + encode(claims);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(publicKey, "HmacSHA256"));
            return signed + "." + encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
