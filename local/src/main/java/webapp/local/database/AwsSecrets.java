package webapp.local.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.Function;
import software.amazon.awssdk.arns.Arn;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Reads the secret of a master user from Secrets Manager; it holds JSON with {@code username} and {@code password}
 * (<a href="https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html">JSON structure of
 * AWS Secrets Manager secrets</a>).
 */
public final class AwsSecrets implements Secrets {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<String, SecretsManagerClient> regions;

    /** @param regions the client of a region */
    public AwsSecrets(Function<String, SecretsManagerClient> regions) {
        this.regions = regions;
    }

    @Override
    public Login read(String secretArn) {
        String region = Arn.fromString(secretArn).region().orElseThrow();
        String value = regions.apply(region).getSecretValue(request -> request.secretId(secretArn)).secretString();
        try {
            JsonNode secret = JSON.readTree(value);
            return new Login(secret.path("username").asText(), secret.path("password").asText());
        } catch (JsonProcessingException e) {
            // The cause would quote the secret.
            throw new IllegalStateException("secret " + secretArn + " is not JSON with username and password");
        }
    }
}
