package webapp.local.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.GetFunctionRequest;
import software.amazon.awssdk.services.lambda.model.GetFunctionResponse;
import software.amazon.awssdk.services.lambda.model.LogFormat;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.SnapStartApplyOn;

import static org.assertj.core.api.Assertions.assertThat;

class LambdaDeploymentsTest {
    private static final String REGION = "eu-central-1";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T08:00:00Z"));
    private final StubLambda lambda = new StubLambda();
    private final StubLambda elsewhere = new StubLambda();
    private final LambdaDeployments deployments = new LambdaDeployments(Map.of(REGION, lambda, "eu-west-1", elsewhere)::get, now::get);

    @TempDir
    private Path directory;

    @Test
    void everySettingIsTheDeployedOne() throws IOException {
        Path code = Files.writeString(directory.resolve("code.zip"), "the code");
        lambda.deploy("users", "3", users("first").build(), code);

        Deployment deployment = deployments.find(REGION, "users", "3").orElseThrow();

        assertThat(deployment).usingRecursiveComparison().ignoringFields("code").isEqualTo(new Deployment("users", "3",
                "arn:aws:lambda:eu-central-1:000000000000:function:users:3", "webapp.api.users.UsersHandler", "java21", 512, 10,
                Map.of("DATABASE_HOST", "first"), "arn:aws:iam::000000000000:role/users", "sha", true,
                new Deployment.Logging("JSON", "INFO", "/webapp/users"), null));
        assertThat(deployment.code().get()).asString().isEqualTo("the code");
    }

    @Test
    void settingsThatAreAbsentHaveLambdasDefaults() {
        lambda.deploy("plain", "1", FunctionConfiguration.builder().handler("Handler").runtime("java21").memorySize(128).timeout(3)
                .role("role").codeSha256("sha").functionArn("arn").build(), directory);

        Deployment deployment = deployments.find(REGION, "plain", "1").orElseThrow();

        assertThat(deployment.environment()).isEmpty();
        assertThat(deployment.snapStart()).isFalse();
        assertThat(deployment.logging()).isEqualTo(new Deployment.Logging("Text", null, "/aws/lambda/plain"));
    }

    @Test
    void latestIsReadEachTimeAndNeverRestored() {
        lambda.deploy("users", "$LATEST", users("first").build(), directory);
        Deployment before = deployments.find(REGION, "users", "$LATEST").orElseThrow();

        lambda.deploy("users", "$LATEST", users("second").build(), directory);

        assertThat(deployments.find(REGION, "users", "$LATEST").orElseThrow().environment()).containsEntry("DATABASE_HOST", "second");
        assertThat(before.snapStart()).isFalse();
    }

    @Test
    void publishedVersionIsReadAgainAfterTwoSeconds() {
        lambda.deploy("users", "1", users("first").build(), directory);
        Deployment before = deployments.find(REGION, "users", "1").orElseThrow();
        lambda.deploy("users", "1", users("second").build(), directory);

        assertThat(deployments.find(REGION, "users", "1")).containsSame(before);
        assertThat(lambda.requests).hasSize(1);

        now.updateAndGet(time -> time.plus(Duration.ofSeconds(2)));
        Deployment after = deployments.find(REGION, "users", "1").orElseThrow();
        assertThat(after.sameAs(before)).isFalse();
    }

    @Test
    void unchangedVersionIsTheSameDeploymentWhereverItsCodeIs() {
        lambda.deploy("users", "1", users("first").build(), directory);
        Deployment before = deployments.find(REGION, "users", "1").orElseThrow();

        now.updateAndGet(time -> time.plus(Duration.ofSeconds(2)));

        assertThat(deployments.find(REGION, "users", "1").orElseThrow()).isNotSameAs(before).matches(before::sameAs);
    }

    @Test
    void sameVersionOfAnotherRegionIsAnotherDeployment() throws IOException {
        lambda.deploy("users", "1", users("first").build(), Files.writeString(directory.resolve("first.zip"), "first"));
        elsewhere.deploy("users", "1", users("second").build(), Files.writeString(directory.resolve("second.zip"), "second"));

        Deployment here = deployments.find(REGION, "users", "1").orElseThrow();
        Deployment there = deployments.find("eu-west-1", "users", "1").orElseThrow();

        assertThat(here.environment()).containsEntry("DATABASE_HOST", "first");
        assertThat(there.environment()).containsEntry("DATABASE_HOST", "second");
        assertThat(there.code().get()).asString().isEqualTo("second");
    }

    @Test
    void unknownVersionIsNotFound() {
        assertThat(deployments.find(REGION, "users", "9")).isEmpty();
    }

    private static FunctionConfiguration.Builder users(String databaseHost) {
        return FunctionConfiguration.builder()
                .functionArn("arn:aws:lambda:eu-central-1:000000000000:function:users:3")
                .handler("webapp.api.users.UsersHandler")
                .runtime("java21")
                .memorySize(512)
                .timeout(10)
                .environment(environment -> environment.variables(Map.of("DATABASE_HOST", databaseHost)))
                .role("arn:aws:iam::000000000000:role/users")
                .codeSha256("sha")
                .snapStart(snapStart -> snapStart.applyOn(SnapStartApplyOn.PUBLISHED_VERSIONS))
                .loggingConfig(logging -> logging.logFormat(LogFormat.JSON).applicationLogLevel("INFO").logGroup("/webapp/users"));
    }

    /** Holds deployments by name and qualifier. */
    private static final class StubLambda implements LambdaClient {
        private final Map<String, GetFunctionResponse> functions = new HashMap<>();
        private final List<GetFunctionRequest> requests = new ArrayList<>();

        void deploy(String name, String version, FunctionConfiguration configuration, Path code) {
            functions.put(name + ':' + version, GetFunctionResponse.builder()
                    .configuration(configuration)
                    .code(location -> location.location(code.toUri().toString()))
                    .build());
        }

        @Override
        public GetFunctionResponse getFunction(GetFunctionRequest request) {
            requests.add(request);
            GetFunctionResponse function = functions.get(request.functionName() + ':' + request.qualifier());
            if (function == null) {
                throw ResourceNotFoundException.builder().message("Function not found").build();
            }
            return function;
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
