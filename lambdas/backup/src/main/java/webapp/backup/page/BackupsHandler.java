package webapp.backup.page;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.http.Admission;
import webapp.core.http.Caller;
import webapp.core.http.Fields;
import webapp.core.http.IdempotencyKey;
import webapp.core.http.Request;
import webapp.core.http.Response;
import webapp.core.http.Router;
import webapp.core.http.UserPool;
import webapp.core.problem.ProblemException;
import webapp.core.snapstart.Checkpoint;

/**
 * The operations {@code listBackups}, {@code runBackup}, {@code holdBackup}, {@code releaseBackup} and {@code runDrill} of the contract,
 * for members of the group {@code operators}. It shows what the ticks wrote and writes what they shall do next; it touches no backup.
 */
public final class BackupsHandler implements RequestStreamHandler {
    private static final String OPERATORS = "operators";

    /** A region that is out must not use up the time that API Gateway gives the whole answer: twice connecting and waiting, at most. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

    private static final int ATTEMPTS = 2;

    private static final int RETRY_AFTER_SECONDS = 5;

    /** Of a database in the ticks' documents. */
    private static final String IDENTIFIER = "identifier";

    private static final int LONGEST_REASON = 200;

    /**
     * It becomes the value of a tag.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Tag.html">Tag</a>
     */
    private static final Pattern REASON = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*[\\p{L}\\p{N}][\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private final PlanTable table;
    private final RecoveryRegion recovery;
    private final Overview overview;
    private final Clock clock;
    private final Router router;
    private final Checkpoint checkpoint;

    /** Lambda's; the environment says which plan, where its tables are, and whose tokens are good. */
    public BackupsHandler() {
        this(Configuration.ofEnvironment());
    }

    private BackupsHandler(Configuration configuration) {
        this(configuration, client().build(), UserPool.of(configuration), Clock.systemUTC());
    }

    private BackupsHandler(Configuration configuration, DynamoDbClient here, UserPool pool, Clock clock) {
        this(
                configuration.text("BACKUP_PLAN"),
                new PlanTable(here, configuration.text("BACKUP_TABLE"), configuration.text("BACKUP_PLAN")),
                recovery(configuration),
                pool,
                clock);
    }

    /** @param recovery null if the plan has no recovery region */
    BackupsHandler(String plan, PlanTable table, RecoveryRegion recovery, UserPool pool, Clock clock) {
        this.table = table;
        this.recovery = recovery;
        this.overview = new Overview(plan, table, recovery);
        this.clock = clock;
        Admission<Caller.Person> operators = pool.members(OPERATORS);
        this.router = new Router()
                .on("GET", "/backups", operators, answered(this::list))
                .on("POST", "/backups/{database}/runs", operators, answered(this::run))
                .on("PUT", "/backups/{database}/slots/{slot}/hold", operators, answered(this::hold))
                .on("DELETE", "/backups/{database}/slots/{slot}/hold", operators, answered(this::release))
                .on("POST", "/backups/{database}/drills", operators, answered(this::drill));
        this.checkpoint = Checkpoint.register()
                // Nobody is no operator: loads what comes before an operation, and then what comes after.
                .prime("admission", context -> router.prime("""
                        {"httpMethod":"GET","resource":"/backups","requestContext":{"authorizer":{"claims":%s}}}"""
                        .formatted(pool.nobody()), context))
                .prime("listBackups", context -> table.status());
    }

    static RecoveryRegion recovery(Configuration configuration) {
        String table = configuration.optionalText("RECOVERY_TABLE");
        String region = configuration.optionalText("RECOVERY_REGION");
        if (table == null && region == null) {
            return null;
        }
        if (table == null || region == null) {
            throw new ConfigurationException("RECOVERY_TABLE and RECOVERY_REGION belong together: set both, or neither");
        }
        DynamoDbClient there = client().region(Region.of(region)).build();
        return new RecoveryRegion(region, new PlanTable(there, table, configuration.text("BACKUP_PLAN")));
    }

    /** Neither waits for long nor tries often. */
    static DynamoDbClientBuilder client() {
        return DynamoDbClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_TIMEOUT).socketTimeout(READ_TIMEOUT))
                .overrideConfiguration(client -> client.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(ATTEMPTS).build()));
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        router.answer(input, output, context);
    }

    private Response list(Caller.Person caller, Request request) {
        Overview.View view = overview.read(request);
        return Response.json(200, view::write);
    }

    private Response run(Caller.Person caller, Request request) {
        return askOnce(Instruction.Action.RUN, table, database(request), caller, request);
    }

    private Response drill(Caller.Person caller, Request request) {
        Node database = database(request);
        if (!overview.hasDrill(database)) {
            throw BackupProblems.drillNotConfigured();
        }
        return askOnce(Instruction.Action.DRILL, recovery.table(), database, caller, request);
    }

    private Response askOnce(Instruction.Action action, PlanTable where, Node known, Caller.Person caller, Request request) {
        String database = known.text(IDENTIFIER);
        IdempotencyKey key = IdempotencyKey.required(request, List.of(action.toString(), caller.subject()), List.of(database));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instruction asked = where.putOnce(
                Instruction.of(action, database, now.truncatedTo(ChronoUnit.MINUTES), null, caller.subject(), now), key);
        log(asked, caller, request);
        return Response.json(202, json -> Overview.write(json, asked));
    }

    private Response hold(Caller.Person caller, Request request) {
        Fields fields = request.fields();
        String reason = fields.text("reason");
        if (reason != null && (reason.codePointCount(0, reason.length()) > LONGEST_REASON || !REASON.matcher(reason).matches())) {
            fields.reject("reason", "must have 1 to 200 letters, digits, spaces or characters of _ . : / = + - @, one of them a letter or digit");
        }
        fields.check();
        return ask(Instruction.Action.HOLD, reason, caller, request);
    }

    private Response release(Caller.Person caller, Request request) {
        return ask(Instruction.Action.RELEASE, null, caller, request);
    }

    /** In both regions: each of them prunes its own. */
    private Response ask(Instruction.Action action, String reason, Caller.Person caller, Request request) {
        String database = database(request).text(IDENTIFIER);
        Instant slot = slot(request.path().get("slot"));
        if (slot == null || !overview.hasSlot(database, slot, request)) {
            throw BackupProblems.slotNotFound();
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instruction asked = Instruction.of(action, database, slot, reason, caller.subject(), now);
        table.put(asked);
        RecoveryRegion.Reach reached = recovery == null ? null : recovery.reach(request, there -> there.put(asked));
        log(asked, caller, request);
        return Response.json(202, json -> {
            Overview.write(json, asked);
            writeRecovery(json, reached);
        });
    }

    private void writeRecovery(JsonGenerator json, RecoveryRegion.Reach reached) throws IOException {
        if (reached != null) {
            json.writeObjectFieldStart("recovery");
            json.writeStringField("region", recovery.name());
            json.writeStringField("status", reached.toString());
            json.writeEndObject();
        }
    }

    /** @return a database of the plan, as the last tick wrote of it */
    private Node database(Request request) {
        String identifier = request.path().get("database");
        return table.status().nodes("databases").stream()
                .filter(known -> known.text(IDENTIFIER) != null && known.text(IDENTIFIER).equals(identifier))
                .findFirst()
                .orElseThrow(BackupProblems::databaseNotFound);
    }

    /** @return null if it is no instant */
    private static Instant slot(String text) {
        try {
            // Clients may escape a colon, and a REST API hands the path on as it came.
            return text == null ? null : Instant.parse(text.replace("%3A", ":").replace("%3a", ":"));
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static void log(Instruction asked, Caller.Person caller, Request request) {
        request.logger().log(
                "Backup instruction: action=" + asked.action() + " database=" + asked.database() + " slot=" + asked.slot() + " id="
                        + asked.id() + " caller=" + caller.logged() + " correlationId=" + request.correlationId(),
                LogLevel.INFO);
    }

    /** This region's outage is 503, not a fault of ours. */
    private static Router.OperationFor<Caller.Person> answered(Router.OperationFor<Caller.Person> operation) {
        return (caller, request) -> {
            try {
                return operation.answer(caller, request);
            } catch (SdkException e) {
                throw RecoveryRegion.isOutage(e) ? ProblemException.serviceUnavailable(RETRY_AFTER_SECONDS, e) : e;
            }
        };
    }

    /** For tests: what runs before a snapshot. */
    Checkpoint checkpoint() {
        return checkpoint;
    }
}
