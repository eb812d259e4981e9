package webapp.local.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.RdsException;
import software.amazon.awssdk.services.s3.S3Client;

class FaultTest extends DoubleFixture {
    private final KmsClient kms = rds.configure(KmsClient.builder().httpClient(HTTP), PRIMARY).build();

    private void create(String identifier) {
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier(identifier));
    }

    @Test
    void callerDiesBeforeItsCall() {
        rds.fault("CreateDBSnapshot").dieBefore();
        assertThatThrownBy(() -> create("shop-1")).isInstanceOf(FunctionDied.class)
                .hasMessage("The function died at CreateDBSnapshot in eu-central-1");
        assertThat(primary.snapshots()).isEmpty();
        create("shop-1");
    }

    @Test
    void callerDiesAfterItsCall() {
        rds.fault("CreateDBSnapshot").dieAfter();
        assertThatThrownBy(() -> create("shop-1")).isInstanceOf(FunctionDied.class);
        assertThat(primary.snapshots()).hasSize(1);
    }

    @Test
    void answerIsLostAndTheCallSentOnce() {
        here.describeDBSnapshots();
        rds.fault("CreateDBSnapshot").loseAnswer();
        assertThatThrownBy(() -> create("shop-1")).isInstanceOf(SdkClientException.class);
        assertThat(primary.snapshots()).hasSize(1);
        assertThat(rds.calls("CreateDBSnapshot")).hasSize(1);
    }

    @Test
    void throttlingAndOutagesAreSeenAsTheSdkClassifiesThem() {
        rds.fault("DescribeDBSnapshots").throttle();
        assertThatThrownBy(() -> here.describeDBSnapshots())
                .isInstanceOfSatisfying(RdsException.class, e -> assertThat(e.isThrottlingException()).isTrue());
        rds.fault("DescribeDBSnapshots").unavailable();
        assertThat(refused(() -> here.describeDBSnapshots()).answer()).isEqualTo("503 ServiceUnavailable");
        rds.fault("DescribeDBSnapshots").fail("AccessDenied", "User is not authorized to perform: rds:DescribeDBSnapshots");
        assertThat(refused(() -> here.describeDBSnapshots())).isEqualTo(
                new Refused(403, "AccessDenied", "User is not authorized to perform: rds:DescribeDBSnapshots"));
        here.describeDBSnapshots();
    }

    @Test
    void eachDocumentedErrorReachesTheCallerAsItsOwnException() {
        for (String code : DocumentedErrors.of("CopyDBSnapshot")) {
            rds.fault("CopyDBSnapshot").fail(code);
            assertThatThrownBy(() -> copy("source", "target")).as(code)
                    .isInstanceOfSatisfying(RdsException.class, e -> {
                        assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
                        assertThat(e.statusCode()).isEqualTo(DocumentedErrors.status(code));
                        assertThat(e.getClass()).isNotEqualTo(RdsException.class);
                    });
        }
    }

    @Test
    void faultStrikesTheCallsItNames() {
        rds.fault("*").when(Call::mutates).on(2).times(2).fail("InvalidDBInstanceState");
        rds.fault("DescribeDBSnapshots").in(RECOVERY).always().throttle();

        create("shop-1");
        minutes(4);
        here.describeDBSnapshots();
        assertThat(refused(() -> create("shop-2")).answer()).isEqualTo("400 InvalidDBInstanceState");
        assertThat(refused(() -> create("shop-2")).answer()).isEqualTo("400 InvalidDBInstanceState");
        create("shop-2");
        for (int i = 0; i < 3; i++) {
            assertThat(refused(() -> there.describeDBSnapshots()).code()).isEqualTo("Throttling");
        }
        rds.clearFaults();
        there.describeDBSnapshots();
    }

    @Test
    void snapshotFailsTakesLongOrHangs() {
        rds.fault("CreateDBSnapshot").thenFails();
        create("shop-1");
        minutes(4);
        assertThat(primary.snapshot("shop-1").status()).isEqualTo("failed");
        assertThat(shop.status()).isEqualTo("available");

        rds.fault("CreateDBSnapshot").thenTakes(Duration.ofHours(3));
        create("shop-2");
        minutes(179);
        assertThat(primary.snapshot("shop-2").status()).isEqualTo("creating");
        minutes(1);
        assertThat(primary.snapshot("shop-2").status()).isEqualTo("available");

        rds.fault("CopyDBSnapshot").thenHangs();
        copy(primary.snapshot("shop-2").arn(), "shop-2");
        clock.advance(Duration.ofDays(365));
        assertThat(recovery.snapshot("shop-2").status()).isEqualTo("copying");
        there.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-2"));
    }

    @Test
    void copyUnderAKeyThatIsTakenAwayFails() {
        copy(snapshot("shop-1"), "shop-1");
        recoveryKey.deny();
        minutes(40);
        assertThat(recovery.snapshot("shop-1").status()).isEqualTo("failed");
    }

    @Test
    void databaseWhoseKeyIsLostIsInaccessible() {
        key.state("PendingDeletion");
        assertThat(shop.status()).isEqualTo("inaccessible-encryption-credentials");
        assertThat(refused(() -> create("shop-1")).answer()).isEqualTo("400 InvalidDBInstanceState");
        assertThat(kms.describeKey(r -> r.keyId(key.arn())).keyMetadata().keyStateAsString()).isEqualTo("PendingDeletion");
        assertThat(kms.describeKey(r -> r.keyId("alias/backup")).keyMetadata().arn()).isEqualTo(key.arn());
        assertThat(refused(() -> kms.describeKey(r -> r.keyId(recoveryKey.arn()))).answer()).isEqualTo("400 NotFoundException");
    }

    @Test
    void regionThatIsOutAnswersNothingAndItsCopiesWait() {
        String arn = snapshot("shop-1");
        copy(arn, "shop-1");
        minutes(10);
        primary.out();
        primary.bucket("exports");
        assertThat(refused(() -> here.describeDBSnapshots()).answer()).isEqualTo("503 ServiceUnavailable");
        assertThat(refused(() -> kms.describeKey(r -> r.keyId(key.arn()))).status()).isEqualTo(503);
        S3Client s3 = rds.configure(S3Client.builder().httpClient(HTTP), RECOVERY).build();
        assertThat(refused(() -> s3.listObjectsV2(r -> r.bucket("exports"))).status()).isEqualTo(503);
        assertThat(refused(() -> copy(arn, "shop-1-again")).answer()).isEqualTo("503 ServiceUnavailable");
        minutes(24 * 60);
        assertThat(describe(there, "shop-1").status()).isEqualTo("copying");

        primary.back();
        assertThat(describe(there, "shop-1").status()).isEqualTo("available");
        assertThat(describe(there, "shop-1").snapshotCreateTime()).isEqualTo(clock.instant());
        assertThat(here.describeDBSnapshots().dbSnapshots()).hasSize(1);
    }

    @Test
    void callsAreRecordedWithWhatTheyCameTo() {
        create("shop-1");
        refused(() -> create("shop-1"));
        there.describeDBSnapshots(r -> r.snapshotType("manual"));

        assertThat(rds.calls()).extracting(Call::action).containsExactly("CreateDBSnapshot", "CreateDBSnapshot", "DescribeDBSnapshots");
        assertThat(rds.calls()).extracting(Call::error).containsExactly(null, "DBSnapshotAlreadyExists", null);
        Call last = rds.calls().get(2);
        assertThat(last.region()).isEqualTo(RECOVERY);
        assertThat(last.at()).isEqualTo(START);
        assertThat(last.parameter("SnapshotType")).isEqualTo("manual");
        assertThat(last.mutates()).isFalse();
        rds.forgetCalls();
        assertThat(rds.calls()).isEmpty();
        assertThat(rds.callCount()).isEqualTo(3);
    }

    @Test
    void clientWithoutASocketSeesTheSame() {
        RdsClient direct = rds.configure(RdsClient.builder().httpClient(rds.directly()), PRIMARY).build();
        S3Client objects = rds.configure(S3Client.builder().httpClient(rds.directly()), PRIMARY).build();
        primary.bucket("exports").put("a/b c", new byte[3]);
        direct.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-1"));
        assertThat(describe(direct, "shop-1")).isEqualTo(describe(here, "shop-1"));
        assertThat(objects.headObject(r -> r.bucket("exports").key("a/b c")).contentLength()).isEqualTo(3);
        assertThat(objects.listObjectsV2(r -> r.bucket("exports").prefix("a/")).keyCount()).isEqualTo(1);
        assertThat(refused(() -> describe(direct, "none")).answer()).isEqualTo("404 DBSnapshotNotFound");
        rds.fault("DescribeDBSnapshots").loseAnswer();
        assertThatThrownBy(() -> direct.describeDBSnapshots()).isInstanceOf(SdkClientException.class);
        rds.fault("DescribeDBSnapshots").dieAfter();
        assertThatThrownBy(() -> direct.describeDBSnapshots()).isInstanceOf(FunctionDied.class);
    }

    @Test
    void anUnknownActionIsRefused() {
        assertThat(refused(() -> here.rebootDBInstance(r -> r.dbInstanceIdentifier("shop"))).answer()).isEqualTo("400 InvalidAction");
    }
}
