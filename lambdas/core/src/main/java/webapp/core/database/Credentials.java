package webapp.core.database;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import webapp.core.configuration.ConfigurationException;

/**
 * The credentials of the function's role.
 *
 * @param sessionToken null for the keys of an IAM user
 */
record Credentials(String accessKeyId, String secretAccessKey, String sessionToken) {
    private static final int TIMEOUT_MILLIS = 2000;

    /**
     * Reads them anew each time: a role's credentials expire, and those of the snapshot's init must not outlive a restore.
     * Under SnapStart the runtime has no keys in the environment but an endpoint on loopback.
     *
     * @see <a href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html">Container credentials</a>
     * @throws ConfigurationException if the environment has neither
     * @throws IOException if the endpoint does not answer
     */
    static Credentials of(Map<String, String> environment) throws IOException {
        String accessKeyId = environment.get("AWS_ACCESS_KEY_ID");
        String secretAccessKey = environment.get("AWS_SECRET_ACCESS_KEY");
        if (accessKeyId != null && secretAccessKey != null) {
            return new Credentials(accessKeyId, secretAccessKey, environment.get("AWS_SESSION_TOKEN"));
        }
        String endpoint = environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI");
        if (endpoint == null) {
            throw new ConfigurationException("no AWS credentials: neither AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                    + " nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; the Lambda runtime sets one of them");
        }
        return fetch(endpoint, environment);
    }

    private static Credentials fetch(String endpoint, Map<String, String> environment) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) URI.create(endpoint).toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        String tokenFile = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
        String token = tokenFile == null
                ? environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN")
                : Files.readString(Path.of(tokenFile)).strip();
        if (token != null) {
            connection.setRequestProperty("Authorization", token);
        }
        if (connection.getResponseCode() != 200) {
            throw new IOException("the credentials endpoint answered " + connection.getResponseCode());
        }
        try (InputStream answer = connection.getInputStream()) {
            return parse(answer);
        }
    }

    private static Credentials parse(InputStream answer) throws IOException {
        String accessKeyId = null;
        String secretAccessKey = null;
        String sessionToken = null;
        try (JsonParser json = new JsonFactory().createParser(answer)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "AccessKeyId" -> accessKeyId = json.getValueAsString();
                    case "SecretAccessKey" -> secretAccessKey = json.getValueAsString();
                    case "Token" -> sessionToken = json.getValueAsString();
                    default -> json.skipChildren();
                }
            }
        } catch (JsonProcessingException e) {
            // Without the cause, whose message may quote the secret, and ends in the log.
            throw new IOException("the credentials endpoint answered no valid JSON");
        }
        if (accessKeyId == null || secretAccessKey == null) {
            throw new IOException("the credentials endpoint answered without AccessKeyId or SecretAccessKey");
        }
        return new Credentials(accessKeyId, secretAccessKey, sessionToken);
    }

    /** Keeps secrets out of logs. */
    @Override
    public String toString() {
        return "Credentials[" + accessKeyId + "]";
    }
}
