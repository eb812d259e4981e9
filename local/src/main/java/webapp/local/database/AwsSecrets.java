package webapp.local.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Reads the secret of a master user from Secrets Manager; it holds JSON with {@code username} and {@code password}
 * (<a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html">JSON structure of
 * AWS Secrets Manager secrets</a>).
 */
public final class AwsSecrets implements Secrets {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SecretsManagerClient secretsManager;

    public AwsSecrets(SecretsManagerClient secretsManager) {
        this.secretsManager = secretsManager;
    }

    @Override
    public Login read(String secretArn) {
        String value = secretsManager.getSecretValue(request -> request.secretId(secretArn)).secretString();
        try {
            JsonNode secret = JSON.readTree(value);
            return new Login(secret.path("username").asText(), secret.path("password").asText());
        } catch (JsonProcessingException e) {
            // The cause would quote the secret.
            throw new IllegalStateException("secret " + secretArn + " is not JSON with username and password");
        }
    }
}
