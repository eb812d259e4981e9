package webapp.local.aws;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sts.StsClient;

/** SDK clients that speak to local AWS as the account's root, over one HTTP client. */
public final class AwsClients implements AutoCloseable {
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final URI endpoint;
    private final Region region;

    public AwsClients(URI endpoint, String region) {
        this.endpoint = endpoint;
        this.region = Region.of(region);
    }

    public LambdaClient lambda() {
        return configure(LambdaClient.builder().httpClient(http)).build();
    }

    public IamClient iam() {
        return configure(IamClient.builder().httpClient(http)).build();
    }

    public StsClient sts() {
        return configure(StsClient.builder().httpClient(http)).build();
    }

    public RdsClient rds() {
        return configure(RdsClient.builder().httpClient(http)).build();
    }

    public SecretsManagerClient secretsManager() {
        return configure(SecretsManagerClient.builder().httpClient(http)).build();
    }

    private <B extends AwsClientBuilder<B, ?>> B configure(B builder) {
        return builder.endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(LocalAws.ROOT_KEY, LocalAws.ROOT_KEY)));
    }

    @Override
    public void close() {
        http.close();
    }
}
