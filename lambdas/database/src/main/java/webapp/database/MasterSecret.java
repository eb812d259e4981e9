package webapp.database;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The login of the database's master user, in the form in which RDS keeps it in Secrets Manager. */
record MasterSecret(String username, String password) {

    /** Reads the current version: RDS rotates it, so it is read at each run. */
    static MasterSecret read(String secretArn) {
        try (SecretsManagerClient secrets = SecretsManagerClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return parse(secrets.getSecretValue(request -> request.secretId(secretArn)).secretString(), secretArn);
        }
    }

    /** @throws IllegalStateException that names the secret and never shows its content */
    static MasterSecret parse(String json, String secretArn) {
        String username = null;
        String password = null;
        try (JsonParser parser = new JsonFactory().createParser(json == null ? "" : json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    switch (name) {
                        case "username" -> username = parser.getValueAsString();
                        case "password" -> password = parser.getValueAsString();
                        default -> parser.skipChildren();
                    }
                }
            }
        } catch (IOException e) {
            // Without the cause, whose message quotes the secret.
            throw new IllegalStateException("Secret " + secretArn + " is not valid JSON");
        }
        if (username == null || password == null) {
            throw new IllegalStateException("Secret " + secretArn + " lacks username or password");
        }
        return new MasterSecret(username, password);
    }

    /** Keeps the password out of logs. */
    @Override
    public String toString() {
        return "MasterSecret[" + username + "]";
    }
}
