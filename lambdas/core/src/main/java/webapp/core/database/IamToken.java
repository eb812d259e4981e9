package webapp.core.database;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs the token that an RDS database takes for a password: a presigned URL (AWS Signature Version 4) of the action
 * {@code connect}, without its scheme. It is valid for 15 minutes, and signing it needs no network. The AWS SDK's
 * {@code RdsUtilities} gives the same token, but loads twice as long and brings a client of all of RDS into the jar.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html">IAM database authentication</a>
 */
final class IamToken {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String SERVICE = "rds-db";

    private IamToken() {}

    static String sign(Credentials credentials, String region, String host, int port, String user, Instant now) {
        String time = TIME.format(now);
        String date = time.substring(0, 8);
        String scope = date + "/" + region + "/" + SERVICE + "/aws4_request";
        String action = "Action=connect";
        String dbUser = "DBUser=" + encode(user);
        String algorithm = "X-Amz-Algorithm=" + ALGORITHM;
        String credential = "X-Amz-Credential=" + encode(credentials.accessKeyId() + "/" + scope);
        String signingTime = "X-Amz-Date=" + time;
        String expires = "X-Amz-Expires=900";
        String session = credentials.sessionToken() == null
                ? null
                : "X-Amz-Security-Token=" + encode(credentials.sessionToken());
        String signedHeaders = "X-Amz-SignedHeaders=host";

        // What is signed is in the order of the names; what is sent is in the SDK's order, so that a test can compare the two.
        String signed = join(action, dbUser, algorithm, credential, signingTime, expires, session, signedHeaders);
        String sent = join(dbUser, action, session, algorithm, signingTime, signedHeaders, expires, credential);
        String address = host + ":" + port;
        String request = "GET\n/\n" + signed + "\nhost:" + address + "\n\nhost\n" + hash("");
        String toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + hash(request);
        byte[] key = ("AWS4" + credentials.secretAccessKey()).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {date, region, SERVICE, "aws4_request", toSign}) {
            key = authenticate(key, part);
        }
        return address + "/?" + sent + "&X-Amz-Signature=" + HexFormat.of().formatHex(key);
    }

    private static String join(String... parameters) {
        StringBuilder query = new StringBuilder();
        for (String parameter : parameters) {
            if (parameter != null) {
                query.append(query.isEmpty() ? "" : "&").append(parameter);
            }
        }
        return query.toString();
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] authenticate(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
