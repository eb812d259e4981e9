package webapp.benchmarks.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Properties;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.mariadb.jdbc.Driver;

/**
 * The same read with nothing of ours: the driver's own TLS, verified, a token, one statement, and an answer without any of the checks, problems,
 * retries and time limits that a service needs. What is left is what the runtime, the driver and TLS cost.
 */
public final class BareHandler implements RequestStreamHandler {
    private static final JsonFactory JSON = new JsonFactory();

    private Connection connection;

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        UUID userId = UUID.fromString(userId(input));
        try {
            if (connection == null) {
                connection = connect();
            }
            try (PreparedStatement statement = connection.prepareStatement("SELECT name, email, phone, created_at FROM users WHERE user_id = ?")) {
                statement.setBytes(1, ByteBuffer.allocate(16)
                        .putLong(userId.getMostSignificantBits())
                        .putLong(userId.getLeastSignificantBits())
                        .array());
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    write(output, userId, row);
                }
            }
        } catch (SQLException | GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static String userId(InputStream event) throws IOException {
        try (JsonParser json = JSON.createParser(event)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean path = json.currentName().equals("pathParameters");
                json.nextToken();
                if (path) {
                    json.nextToken();
                    return json.nextTextValue();
                }
                json.skipChildren();
            }
        }
        throw new IOException("the event has no path parameter");
    }

    private static void write(OutputStream output, UUID userId, ResultSet row) throws IOException, SQLException {
        StringWriter body = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("userId", userId.toString());
            json.writeStringField("name", row.getString("name"));
            json.writeStringField("email", row.getString("email"));
            String phone = row.getString("phone");
            if (phone != null) {
                json.writeStringField("phone", phone);
            }
            json.writeStringField(
                    "createdAt", row.getObject("created_at", LocalDateTime.class).toInstant(ZoneOffset.UTC).toString());
            json.writeEndObject();
        }
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeNumberField("statusCode", 200);
            json.writeObjectFieldStart("headers");
            json.writeStringField("Content-Type", "application/json");
            json.writeStringField("Cache-Control", "no-store");
            json.writeStringField("X-Content-Type-Options", "nosniff");
            json.writeEndObject();
            json.writeStringField("body", body.toString());
            json.writeBooleanField("isBase64Encoded", false);
            json.writeEndObject();
        }
    }

    private static Connection connect() throws IOException, SQLException, GeneralSecurityException {
        String region = System.getenv("AWS_REGION");
        String address = System.getenv("DATABASE_HOST") + ":" + System.getenv("DATABASE_PORT");
        String user = System.getenv("DATABASE_USER");
        Properties options = new Properties();
        options.setProperty("user", user);
        options.setProperty("password", token(region, address, user));
        options.setProperty("sslMode", "verify-full");
        try (InputStream authorities = BareHandler.class.getResourceAsStream("/rds-ca/" + region + ".pem")) {
            options.setProperty("serverSslCert", new String(authorities.readAllBytes(), StandardCharsets.US_ASCII));
        }
        return new Driver().connect("jdbc:mariadb://" + address + "/" + System.getenv("DATABASE_NAME"), options);
    }

    private static String token(String region, String address, String user) throws GeneralSecurityException {
        String time = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC).format(Instant.now());
        String date = time.substring(0, 8);
        String scope = date + "/" + region + "/rds-db/aws4_request";
        String query = "Action=connect&DBUser=" + user
                + "&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + encode(System.getenv("AWS_ACCESS_KEY_ID") + "/" + scope)
                + "&X-Amz-Date=" + time + "&X-Amz-Expires=900&X-Amz-Security-Token=" + encode(System.getenv("AWS_SESSION_TOKEN"))
                + "&X-Amz-SignedHeaders=host";
        String request = "GET\n/\n" + query + "\nhost:" + address + "\n\nhost\n" + hash("");
        byte[] key = ("AWS4" + System.getenv("AWS_SECRET_ACCESS_KEY")).getBytes(StandardCharsets.UTF_8);
        for (String part : new String[] {
            date, region, "rds-db", "aws4_request", "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hash(request)
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
