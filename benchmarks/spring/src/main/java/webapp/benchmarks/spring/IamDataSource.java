package webapp.benchmarks.spring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A pool whose every connection logs in with a fresh IAM token over verified TLS. The token is signed here in a few lines: the AWS SDK, which
 * most would take, would cost the rival's cold start some 250 ms more.
 */
final class IamDataSource extends HikariDataSource {
    private final Map<String, String> environment;
    private final String region;
    private final String address;
    private final String user;

    IamDataSource(Map<String, String> environment) {
        this.environment = environment;
        this.region = environment.get("AWS_REGION");
        this.address = environment.get("DATABASE_HOST") + ":" + environment.get("DATABASE_PORT");
        this.user = environment.get("DATABASE_USER");
        setJdbcUrl("jdbc:mariadb://" + address + "/" + environment.get("DATABASE_NAME"));
        addDataSourceProperty("sslMode", "verify-full");
        addDataSourceProperty("serverSslCert", environment.get("LAMBDA_TASK_ROOT") + "/rds-ca/" + region + ".pem");
    }

    /** HikariCP asks for them before each login. */
    @Override
    public Credentials getCredentials() {
        try {
            return Credentials.of(user, token());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Signing a token for " + user + " at " + address, e);
        }
    }

    /** @return access key, secret key, session token: from where SnapStart has them, or else from the environment */
    private String[] credentials() throws IOException {
        String uri = environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (uri == null) {
            return new String[] {
                environment.get("AWS_ACCESS_KEY_ID"), environment.get("AWS_SECRET_ACCESS_KEY"), environment.get("AWS_SESSION_TOKEN")
            };
        }
        try (InputStream answer = URI.create(uri).toURL().openStream()) {
            JsonNode credentials = new ObjectMapper().readTree(answer);
            return new String[] {
                credentials.path("AccessKeyId").asText(), credentials.path("SecretAccessKey").asText(), credentials.path("Token").asText()
            };
        }
    }

    private String token() throws IOException, GeneralSecurityException {
        String[] credentials = credentials();
        String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC).format(Instant.now());
        String scope = time.substring(0, 8) + "/" + region + "/rds-db/aws4_request";
        String query = "Action=connect&DBUser=" + user
                + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + encode(credentials[0] + "/" + scope)
                + "&X-Amz-Date=" + time + "&X-Amz-Expires=900&X-Amz-Security-Token=" + encode(credentials[2])
                + "&X-Amz-SignedHeaders=host";
        String request = "GET\n/\n" + query + "\nhost:" + address + "\n\nhost\n" + hash("");
        byte[] key = ("AWS4" + credentials[1]).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {
            time.substring(0, 8), region, "rds-db", "aws4_request", "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hash(request)
        }) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            key = mac.doFinal(part.getBytes(StandardCharsets.UTF_8));
        }
        return address + "/?" + query + "&X-Amz-Signature=" + HexFormat.of().formatHex(key);
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String hash(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
