package webapp.local.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.LoggingConfig;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;

/**
 * Reads deployments from the Lambda API. {@code $LATEST} is read at every invocation. A published version never changes on AWS, but a
 * stack destroyed and applied again starts at version 1 anew: it is read again after two seconds.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html">GetFunction</a>
 */
public final class LambdaDeployments implements Deployments {
    private static final Duration PUBLISHED_VERSION_LIFETIME = Duration.ofSeconds(2);
    private static final int DOWNLOAD_TIMEOUT = (int) Duration.ofSeconds(30).toMillis();
    private static final String LATEST = "$LATEST";

    private final Function<String, LambdaClient> regions;
    private final InstantSource clock;
    private final ConcurrentMap<String, Read> published = new ConcurrentHashMap<>();

    /** @param regions the client of a region */
    public LambdaDeployments(Function<String, LambdaClient> regions) {
        this(regions, InstantSource.system());
    }

    LambdaDeployments(Function<String, LambdaClient> regions, InstantSource clock) {
        this.regions = regions;
        this.clock = clock;
    }

    private record Read(Deployment deployment, Instant at) {}

    @Override
    public Optional<Deployment> find(String region, String functionName, String version) {
        LambdaClient lambda = regions.apply(region);
        if (version.equals(LATEST)) {
            return read(lambda, functionName, version);
        }
        String key = region + ':' + functionName + ':' + version;
        Read known = published.get(key);
        if (known != null && clock.instant().isBefore(known.at().plus(PUBLISHED_VERSION_LIFETIME))) {
            return Optional.of(known.deployment());
        }
        Optional<Deployment> deployment = read(lambda, functionName, version);
        deployment.ifPresentOrElse(
                found -> published.put(key, new Read(found, clock.instant())),
                () -> published.remove(key));
        return deployment;
    }

    private static Optional<Deployment> read(LambdaClient lambda, String functionName, String version) {
        try {
            FunctionConfiguration configuration = lambda.getFunction(get -> get.functionName(functionName).qualifier(version))
                    .configuration();
            return Optional.of(deployment(lambda, functionName, version, configuration));
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    private static Deployment deployment(LambdaClient lambda, String functionName, String version, FunctionConfiguration configuration) {
        return new Deployment(
                functionName,
                version,
                configuration.functionArn(),
                configuration.handler(),
                configuration.runtimeAsString(),
                configuration.memorySize(),
                configuration.timeout(),
                configuration.environment() == null ? Map.of() : configuration.environment().variables(),
                configuration.role(),
                configuration.codeSha256(),
                // Snapshots exist for published versions only.
                !version.equals(LATEST) && configuration.snapStart() != null
                        && configuration.snapStart().applyOn() == SnapStartApplyOn.PUBLISHED_VERSIONS,
                logging(functionName, configuration.loggingConfig()),
                () -> download(lambda, functionName, version));
    }

    private static Deployment.Logging logging(String functionName, LoggingConfig configured) {
        if (configured == null || configured.logFormat() == null) {
            return Deployment.Logging.text(functionName);
        }
        return new Deployment.Logging(
                configured.logFormatAsString(),
                configured.applicationLogLevelAsString(),
                configured.logGroup() == null ? "/aws/lambda/" + functionName : configured.logGroup());
    }

    /** The location is asked anew: it is signed and short-lived. */
    private static byte[] download(LambdaClient lambda, String functionName, String version) {
        String location = lambda.getFunction(get -> get.functionName(functionName).qualifier(version)).code().location();
        try {
            URLConnection connection = URI.create(location).toURL().openConnection();
            connection.setConnectTimeout(DOWNLOAD_TIMEOUT);
            connection.setReadTimeout(DOWNLOAD_TIMEOUT);
            try (InputStream jar = connection.getInputStream()) {
                return jar.readAllBytes();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Downloading the code of " + functionName + ':' + version + " from " + location, e);
        }
    }
}
