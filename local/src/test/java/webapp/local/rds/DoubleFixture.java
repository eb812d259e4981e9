package webapp.local.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** A double with a primary and a recovery region, an encrypted instance {@code shop} in the first, and SDK clients of both. */
abstract class DoubleFixture {
    static final String PRIMARY = "eu-central-1";
    static final String RECOVERY = "eu-west-1";
    static final String OTHER_ACCOUNT = "444455556666";
    static final Instant START = Instant.parse("2026-03-01T02:00:00Z");

    static final SdkHttpClient HTTP = UrlConnectionHttpClient.create();

    final SettableClock clock = new SettableClock(START);
    final RdsDouble rds = RdsDouble.start(clock);
    final RdsRegion primary = rds.region(PRIMARY);
    final RdsRegion recovery = rds.region(RECOVERY);
    final KmsKey key = primary.key("alias/backup");
    final KmsKey recoveryKey = recovery.key("alias/recovery");
    final Database shop = primary.instance("shop").encryptedBy(key);
    final RdsClient here = rds.configure(RdsClient.builder().httpClient(HTTP), PRIMARY).build();
    final RdsClient there = rds.configure(RdsClient.builder().httpClient(HTTP), RECOVERY).build();

    /** On no page, but reported by users. */
    private static final Set<String> UNDOCUMENTED = Set.of("ExportTaskLimitReachedFault", "OptionGroupNotFoundFault");

    @AfterEach
    void everyRefusalWasADocumentedOne() {
        rds.close();
        for (Call call : rds.calls()) {
            if (call.service().equals("rds") && call.error() != null && !DocumentedErrors.common().contains(call.error())
                    && !UNDOCUMENTED.contains(call.error())) {
                assertThat(DocumentedErrors.of(call.action())).as(call.action()).contains(call.error());
            }
        }
    }

    void minutes(long minutes) {
        clock.advance(Duration.ofMinutes(minutes));
    }

    /** A snapshot of shop that is available. */
    String snapshot(String identifier) {
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier(identifier));
        clock.advance(Work.SNAPSHOT.usual);
        return primary.snapshot(identifier).arn();
    }

    DBSnapshot copy(String sourceArn, String identifier) {
        return there.copyDBSnapshot(r -> r.sourceDBSnapshotIdentifier(sourceArn).targetDBSnapshotIdentifier(identifier)
                .kmsKeyId(recoveryKey.arn())).dbSnapshot();
    }

    DBSnapshot describe(RdsClient client, String identifier) {
        return client.describeDBSnapshots(r -> r.dbSnapshotIdentifier(identifier)).dbSnapshots().get(0);
    }

    static Refused refused(ThrowingCallable call) {
        AwsServiceException refusal = catchThrowableOfType(AwsServiceException.class, call);
        if (refusal == null) {
            throw new AssertionError("The call was not refused");
        }
        return new Refused(refusal.statusCode(), refusal.awsErrorDetails().errorCode(), refusal.awsErrorDetails().errorMessage());
    }

    record Refused(int status, String code, String message) {
        String answer() {
            return status + " " + code;
        }
    }
}
