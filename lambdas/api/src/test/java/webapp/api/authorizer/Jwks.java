package webapp.api.authorizer;

import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** Public keys as an issuer publishes them. */
final class Jwks {
    private Jwks() {}

    static String of(String id, Signer signer) {
        return switch (signer.keys().getPublic()) {
            case RSAPublicKey rsa -> "{\"kid\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}".formatted(
                    id, number(rsa.getModulus(), rsa.getModulus().bitLength() / 8), number(rsa.getPublicExponent(), 3));
            case ECPublicKey elliptic -> "{\"kid\":\"%s\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}".formatted(
                    id, number(elliptic.getW().getAffineX(), 32), number(elliptic.getW().getAffineY(), 32));
            default -> throw new IllegalArgumentException(signer.algorithm());
        };
    }

    private static String number(BigInteger number, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[length - 1 - i] = number.shiftRight(8 * i).byteValue();
        }
        return Signer.encode(bytes);
    }
}
