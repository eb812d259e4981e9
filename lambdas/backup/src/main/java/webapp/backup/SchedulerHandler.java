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
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes the backups of a plan in the databases' region, and their copies and exports: a tick every five minutes does what is next. Its event
 * is the {@link Plan}.
 */
public final class SchedulerHandler implements RequestStreamHandler {
    /** A lease of a tick that died ends before the next tick. */
    private static final Duration LONGEST_TICK = Duration.ofMinutes(4).plusSeconds(30);

    private final Aws aws;
    private final String table;
    private final String recoveryTable;
    private final Consumer<String> lines;
    private final InstantSource clock;

    /**
     * Lambda's; the environment variables {@code BACKUP_TABLE} and {@code RECOVERY_TABLE} name the DynamoDB tables of the two regions, the second
     * only where the plan has a recovery region.
     */
    public SchedulerHandler() {
        this(new AwsClients(), System.getenv("BACKUP_TABLE"), System.getenv("RECOVERY_TABLE"), System.out::println, InstantSource.system());
    }

    SchedulerHandler(Aws aws, String table, String recoveryTable, Consumer<String> lines, InstantSource clock) {
        if (table == null || table.isBlank()) {
            throw new IllegalArgumentException("Environment variable BACKUP_TABLE is missing: set it in the function's configuration");
        }
        this.aws = aws;
        this.table = table;
        this.recoveryTable = recoveryTable;
        this.lines = lines;
        this.clock = clock;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Plan plan = Plan.parse(input);
        Instant now = clock.instant();
        Journal journal = new Journal(plan.name(), now, lines);
        Ledger ledger = new Ledger(aws.dynamoDb(plan.region()), table);
        Ledger windows = plan.recoveryRegion() == null || recoveryTable == null ? ledger
                : new Ledger(aws.dynamoDb(plan.recoveryRegion()), recoveryTable);
        Supplier<Duration> timeLeft = () -> context == null ? LONGEST_TICK : Duration.ofMillis(context.getRemainingTimeInMillis());
        Duration left = timeLeft.get();
        String owner = context == null ? UUID.randomUUID().toString() : context.getAwsRequestId();
        Tick tick = new Tick(plan, aws, now, journal, ledger, windows, timeLeft);
        String answer = tick.run(owner, now.plus(left.compareTo(LONGEST_TICK) < 0 ? left : LONGEST_TICK));
        output.write(Json.object(json -> json.writeStringField("tick", answer)).getBytes(StandardCharsets.UTF_8));
    }
}
