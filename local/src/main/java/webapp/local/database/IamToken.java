package webapp.local.database;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * An IAM database authentication token: a presigned URL, less its scheme, of the action {@code connect} of the service
 * {@code rds-db}. It is valid for 15 minutes
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM database authentication</a>)
 * and signed with Signature Version 4
 * (<a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create a signed AWS API
 * request</a>).
 */
final class IamToken {
    static final Duration LIFETIME = Duration.ofMinutes(15);
    /** How far the signer's clock may be ahead of ours. */
    static final Duration SKEW = Duration.ofMinutes(5);

    private static final Pattern FORM = Pattern.compile("([^/?:]+):(\\d{1,5})/\\?(.*)", Pattern.DOTALL);
    private static final Pattern CREDENTIAL = Pattern.compile("([^/]+)/(\\d{8})/([^/]+)/rds-db/aws4_request");
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
    private static final String SIGNATURE = "X-Amz-Signature";
    private static final String EMPTY_BODY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final String host;
    private final int port;
    private final SortedMap<String, String> parameters;
    private final String accessKeyId;
    private final String scopeDate;
    private final String region;
    private final Instant signedAt;
    private final Duration lifetime;

    private IamToken(String host, int port, SortedMap<String, String> parameters) throws LoginRefused {
        this.host = host;
        this.port = port;
        this.parameters = parameters;
        require("Action", "connect");
        require("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        require("X-Amz-SignedHeaders", "host");
        Matcher credential = CREDENTIAL.matcher(parameter("X-Amz-Credential"));
        if (!credential.matches()) {
            throw new LoginRefused("the token's X-Amz-Credential is '" + parameter("X-Amz-Credential")
                    + "', not KEY/DATE/REGION/rds-db/aws4_request");
        }
        accessKeyId = credential.group(1);
        scopeDate = credential.group(2);
        region = credential.group(3);
        try {
            signedAt = TIMESTAMP.parse(parameter("X-Amz-Date"), Instant::from);
            lifetime = Duration.ofSeconds(Integer.parseInt(parameter("X-Amz-Expires")));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new LoginRefused("the token's X-Amz-Date or X-Amz-Expires is malformed: " + e.getMessage());
        }
        if (!parameter("X-Amz-Date").startsWith(scopeDate)) {
            throw new LoginRefused("the token's X-Amz-Date is not of the day in its X-Amz-Credential");
        }
    }

    /** Whether a password is meant to be a token, however wrong a one. */
    static boolean isMeantBy(String password) {
        return FORM.matcher(password).matches() && password.contains("Action=");
    }

    static IamToken parse(String password) throws LoginRefused {
        Matcher form = FORM.matcher(password);
        if (!form.matches()) {
            throw new LoginRefused("the password is no token");
        }
        SortedMap<String, String> parameters = new TreeMap<>();
        for (String pair : form.group(3).split("&")) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                throw new LoginRefused("the token has two parameters " + name);
            }
        }
        return new IamToken(form.group(1), Integer.parseInt(form.group(2)), parameters);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    String region() {
        return region;
    }

    String accessKeyId() {
        return accessKeyId;
    }

    String user() throws LoginRefused {
        return parameter("DBUser");
    }

    /** The session token, or null when the signer has long-term credentials. */
    String sessionToken() {
        return parameters.get("X-Amz-Security-Token");
    }

    void checkAge(Instant now) throws LoginRefused {
        // A longer X-Amz-Expires does not lengthen a token's life.
        Instant expiry = signedAt.plus(lifetime.compareTo(LIFETIME) < 0 ? lifetime : LIFETIME);
        if (!now.isBefore(expiry)) {
            throw new LoginRefused("the token expired at " + expiry + ", it is " + now);
        }
        if (signedAt.isAfter(now.plus(SKEW))) {
            throw new LoginRefused("the token was signed in the future, at " + signedAt + "; it is " + now);
        }
    }

    void checkSignature(String secretAccessKey) throws LoginRefused {
        byte[] expected = HexFormat.of().formatHex(signature(secretAccessKey)).getBytes(StandardCharsets.US_ASCII);
        if (!MessageDigest.isEqual(expected, parameter(SIGNATURE).getBytes(StandardCharsets.UTF_8))) {
            throw new LoginRefused("the token's signature does not match the secret key of " + accessKeyId);
        }
    }

    private byte[] signature(String secretAccessKey) {
        String query = parameters.entrySet().stream().filter(parameter -> !parameter.getKey().equals(SIGNATURE))
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue())).collect(Collectors.joining("&"));
        String request = "GET\n/\n" + query + "\nhost:" + host + ":" + port + "\n\nhost\n" + EMPTY_BODY;
        String scope = scopeDate + "/" + region + "/rds-db/aws4_request";
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
            String stringToSign = "AWS4-HMAC-SHA256\n" + parameters.get("X-Amz-Date") + "\n" + scope + "\n" + HexFormat.of().formatHex(hash);
            byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
            for (String part : scope.split("/")) {
                key = hmac(key, part);
            }
            return hmac(key, stringToSign);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    private void require(String name, String value) throws LoginRefused {
        if (!parameter(name).equals(value)) {
            throw new LoginRefused("the token's " + name + " is '" + parameter(name) + "', not '" + value + "'");
        }
    }

    private String parameter(String name) throws LoginRefused {
        String value = parameters.get(name);
        if (value == null) {
            throw new LoginRefused("the token lacks " + name);
        }
        return value;
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String text) throws LoginRefused {
        try {
            // In a signed query a plus sign is a plus sign, not a blank.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new LoginRefused("the token is not URL encoded: " + e.getMessage());
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }
}
