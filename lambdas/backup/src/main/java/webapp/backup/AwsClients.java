package webapp.backup;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients that are made when they are first needed: a tick without an export and without a failing key needs three. */
final class AwsClients implements Aws {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
    /** Longer than any tick: whoever calls a function that reads windows gives the time that its own tick has left. */
    private static final Duration INVOKE_TIMEOUT = Duration.ofMinutes(5);

    private final Map<String, SdkClient> clients = new HashMap<>();

    @Override
    public RdsClient rds(String region) {
        return client("rds", region, RdsClient::builder, CALL_TIMEOUT, ATTEMPT_TIMEOUT);
    }

    @Override
    public DynamoDbClient dynamoDb(String region) {
        return client("dynamodb", region, DynamoDbClient::builder, CALL_TIMEOUT, ATTEMPT_TIMEOUT);
    }

    @Override
    public KmsClient kms(String region) {
        return client("kms", region, KmsClient::builder, CALL_TIMEOUT, ATTEMPT_TIMEOUT);
    }

    @Override
    public LambdaClient lambda(String region) {
        return client("lambda", region, LambdaClient::builder, INVOKE_TIMEOUT, INVOKE_TIMEOUT);
    }

    @Override
    public S3Client s3(String region) {
        return client("s3", region, S3Client::builder, CALL_TIMEOUT, ATTEMPT_TIMEOUT);
    }

    @SuppressWarnings("unchecked")
    private synchronized <C extends SdkClient, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C client(
            String service, String region, Supplier<B> builder, Duration callTimeout, Duration attemptTimeout) {
        return (C) clients.computeIfAbsent(service + " " + region, key -> builder.get()
                .region(Region.of(region))
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT).socketTimeout(attemptTimeout))
                .overrideConfiguration(client -> client.apiCallTimeout(callTimeout).apiCallAttemptTimeout(attemptTimeout))
                .build());
    }
}
