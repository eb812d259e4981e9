package webapp.local.aws;

import java.net.URI;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Function;
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

/** SDK clients that speak to local AWS as the account's root, over one HTTP client; in the stack's region unless one is named. */
public final class AwsClients implements AutoCloseable {
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final URI endpoint;
    private final String region;
    private final CopyOnWriteArraySet<String> regions = new CopyOnWriteArraySet<>();
    private final ConcurrentMap<String, LambdaClient> lambda = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, RdsClient> rds = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, SecretsManagerClient> secretsManager = new ConcurrentHashMap<>();

    public AwsClients(URI endpoint, String region) {
        this.endpoint = endpoint;
        this.region = region;
        regions.add(region);
    }

    /** The regions in use: the stack's, then each that a client was asked for, as for a function or a restored database there. */
    public List<String> regions() {
        return List.copyOf(regions);
    }

    public LambdaClient lambda() {
        return lambda(region);
    }

    public LambdaClient lambda(String inRegion) {
        return in(inRegion, lambda, named -> configure(LambdaClient.builder().httpClient(http), named).build());
    }

    public IamClient iam() {
        return configure(IamClient.builder().httpClient(http), region).build();
    }

    public StsClient sts() {
        return configure(StsClient.builder().httpClient(http), region).build();
    }

    public RdsClient rds() {
        return rds(region);
    }

    public RdsClient rds(String inRegion) {
        return in(inRegion, rds, named -> configure(RdsClient.builder().httpClient(http), named).build());
    }

    public SecretsManagerClient secretsManager(String inRegion) {
        return in(inRegion, secretsManager, named -> configure(SecretsManagerClient.builder().httpClient(http), named).build());
    }

    private <C> C in(String inRegion, ConcurrentMap<String, C> made, Function<String, C> make) {
        regions.add(inRegion);
        return made.computeIfAbsent(inRegion, make);
    }

    private <B extends AwsClientBuilder<B, ?>> B configure(B builder, String inRegion) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(inRegion))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(LocalAws.ROOT_KEY, LocalAws.ROOT_KEY)));
    }

    @Override
    public void close() {
        http.close();
    }
}
