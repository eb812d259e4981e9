package webapp.local.host;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.StsException;

/** Lends the sessions of any role but {@code refused}, numbered, for as long as it is asked. */
final class StubSts implements StsClient {
    private final InstantSource clock;
    private final AtomicInteger sessions = new AtomicInteger();

    StubSts(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public AssumeRoleResponse assumeRole(AssumeRoleRequest request) {
        if (request.roleArn().endsWith("/refused")) {
            throw StsException.builder().message("not authorized to perform sts:AssumeRole").build();
        }
        int number = sessions.incrementAndGet();
        return AssumeRoleResponse.builder()
                .credentials(credentials -> credentials
                        .accessKeyId("ASIA" + number + '-' + request.roleSessionName())
                        .secretAccessKey("secret-" + number)
                        .sessionToken("token-" + number)
                        .expiration(clock.instant().plus(Duration.ofSeconds(request.durationSeconds()))))
                .build();
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
