package webapp.backup;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import webapp.core.configuration.Configuration;

/**
 * Looks after a plan's copies in the recovery region, and proves by restore drills that they are good: a tick every five minutes does what is next.
 * It calls nothing in the primary region, which may be lost. Its event is the {@link Plan}.
 */
public final class RecoveryHandler implements RequestStreamHandler {
    /** A lease of a tick that died ends before the next tick. */
    private static final Duration LONGEST_TICK = Duration.ofMinutes(4).plusSeconds(30);

    private final Aws aws;
    private final String table;
    private final Consumer<String> lines;
    private final InstantSource clock;

    /** Lambda's; the environment variable {@code BACKUP_TABLE} names the recovery region's DynamoDB table. */
    public RecoveryHandler() {
        this(new AwsClients(), Configuration.ofEnvironment().text("BACKUP_TABLE"), System.out::println, InstantSource.system());
    }

    RecoveryHandler(Aws aws, String table, Consumer<String> lines, InstantSource clock) {
        this.aws = aws;
        this.table = table;
        this.lines = lines;
        this.clock = clock;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Plan plan = Plan.parse(input);
        if (plan.recoveryRegion() == null) {
            throw new IllegalArgumentException("the plan " + plan.name() + " has no recovery region: nothing is to be done there");
        }
        Instant now = clock.instant();
        Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
        RecoveryTick tick = new RecoveryTick(plan, aws, now, new Journal(plan.name(), now, lines),
                new Ledger(aws.dynamoDb(plan.recoveryRegion()), table), () -> Duration.ofMillis(context.getRemainingTimeInMillis()));
        String answer = tick.run(context.getAwsRequestId(), now.plus(left.compareTo(LONGEST_TICK) < 0 ? left : LONGEST_TICK));
        output.write(Json.object(json -> json.writeStringField("tick", answer)).getBytes(StandardCharsets.UTF_8));
    }
}
