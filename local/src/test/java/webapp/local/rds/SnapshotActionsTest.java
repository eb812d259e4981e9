package webapp.local.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DbSnapshotAlreadyExistsException;
import software.amazon.awssdk.services.rds.model.DescribeDbSnapshotsResponse;
import software.amazon.awssdk.services.rds.model.Tag;

class SnapshotActionsTest extends DoubleFixture {
    @Test
    void snapshotIsCreatingThenAvailable() {
        DBSnapshot made = here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-1")
                .tags(Tag.builder().key("backup:slot").value("2026-03-01T02:00:00Z +a=b@c/d").build())).dbSnapshot();

        assertThat(made.status()).isEqualTo("creating");
        assertThat(made.snapshotCreateTime()).isNull();
        assertThat(shop.status()).isEqualTo("backing-up");

        minutes(3);
        assertThat(describe(here, "shop-1").status()).isEqualTo("creating");

        minutes(1);
        DBSnapshot done = describe(here, "shop-1");
        assertThat(done.status()).isEqualTo("available");
        assertThat(done.percentProgress()).isEqualTo(100);
        assertThat(done.snapshotCreateTime()).isEqualTo(START);
        assertThat(done.snapshotType()).isEqualTo("manual");
        assertThat(done.encrypted()).isTrue();
        assertThat(done.kmsKeyId()).isEqualTo(key.arn());
        assertThat(done.dbSnapshotArn()).isEqualTo("arn:aws:rds:eu-central-1:111122223333:snapshot:shop-1");
        assertThat(done.tagList()).singleElement().satisfies(tag -> {
            assertThat(tag.key()).isEqualTo("backup:slot");
            assertThat(tag.value()).isEqualTo("2026-03-01T02:00:00Z +a=b@c/d");
        });
        assertThat(shop.status()).isEqualTo("available");
    }

    @Test
    void copyIsMadeInTheRegionThatIsCalledAndNamesItsSource() {
        String source = snapshot("shop-1");
        DBSnapshot started = copy(source, "shop-1");
        assertThat(started.status()).isEqualTo("copying");
        assertThat(started.sourceRegion()).isEqualTo(PRIMARY);

        minutes(39);
        assertThat(describe(there, "shop-1").status()).isEqualTo("copying");
        minutes(1);

        DBSnapshot done = describe(there, "shop-1");
        assertThat(done.status()).isEqualTo("available");
        assertThat(done.sourceDBSnapshotIdentifier()).isEqualTo(source);
        assertThat(done.originalSnapshotCreateTime()).isEqualTo(START);
        assertThat(done.snapshotCreateTime()).isEqualTo(START.plus(Duration.ofMinutes(44)));
        assertThat(done.kmsKeyId()).isEqualTo(recoveryKey.arn());
        assertThat(done.dbInstanceIdentifier()).isEqualTo("shop");
        assertThat(done.dbiResourceId()).isEqualTo(describe(here, "shop-1").dbiResourceId());
    }

    @Test
    void secondCopyIsIncrementalWhileTheNewestOneIsThere() {
        copy(snapshot("shop-1"), "shop-1");
        minutes(40);
        copy(snapshot("shop-2"), "shop-2");
        minutes(8);
        assertThat(describe(there, "shop-2").status()).isEqualTo("available");
        there.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-1"));
        copy(snapshot("shop-3"), "shop-3");
        minutes(8);
        there.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-3"));
        copy(snapshot("shop-4"), "shop-4");

        assertThat(rds.copies()).extracting(SnapshotCopy::incremental).containsExactly(false, true, true, false);
        assertThat(rds.copies().get(3).why()).isEqualTo("the newest copy there was deleted");
    }

    @Test
    void copyOfACopyOrUnderAnotherKeyIsFull() {
        String source = snapshot("shop-1");
        here.copyDBSnapshot(r -> r.sourceDBSnapshotIdentifier("shop-1").targetDBSnapshotIdentifier("shop-1-cmk")
                .kmsKeyId(primary.key("alias/other").arn()));
        minutes(40);
        copy(source, "shop-1");
        minutes(40);
        copy(primary.snapshot("shop-1-cmk").arn(), "shop-1-again");
        minutes(40);
        there.copyDBSnapshot(r -> r.sourceDBSnapshotIdentifier(source).targetDBSnapshotIdentifier("shop-1-key")
                .kmsKeyId(recovery.key("alias/second").arn()));
        minutes(40);

        assertThat(rds.copies()).extracting(SnapshotCopy::why).containsExactly("the copy has another key",
                "no copy of this database is there", "the source is a copy itself", "a copy there has another key");
    }

    @Test
    void copiesOfOneDatabaseWaitForEachOther() {
        String source = snapshot("shop-1");
        copy(source, "a");
        copy(source, "b");
        minutes(47);
        assertThat(describe(there, "a").status()).isEqualTo("available");
        assertThat(describe(there, "b").status()).isEqualTo("copying");
        minutes(1);
        assertThat(describe(there, "b").status()).isEqualTo("available");
    }

    @Test
    void deletingACopyInProgressLetsTheNextOneBegin() {
        String source = snapshot("shop-1");
        copy(source, "a");
        copy(source, "b");
        minutes(10);
        there.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("a"));
        minutes(40);
        assertThat(describe(there, "b").status()).isEqualTo("available");
    }

    @Test
    void deletingTheSourceFailsItsCopy() {
        copy(snapshot("shop-1"), "shop-1");
        here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-1"));

        assertThat(describe(there, "shop-1").status()).isEqualTo("failed");
        assertThat(primary.snapshots()).isEmpty();
        there.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-1"));
        assertThat(recovery.snapshots()).isEmpty();
    }

    @Test
    void clusterSnapshotIsCopiedInFullEachTime() {
        primary.cluster("books").encryptedBy(key);
        for (int i = 1; i <= 2; i++) {
            String name = "books-" + i;
            here.createDBClusterSnapshot(r -> r.dbClusterIdentifier("books").dbClusterSnapshotIdentifier(name));
            minutes(4);
            there.copyDBClusterSnapshot(r -> r.sourceDBClusterSnapshotIdentifier(primary.snapshot(name).arn())
                    .targetDBClusterSnapshotIdentifier(name).kmsKeyId("alias/recovery"));
            minutes(40);
        }

        List<DBClusterSnapshot> copies = there.describeDBClusterSnapshots(r -> r.snapshotType("manual")).dbClusterSnapshots();
        assertThat(copies).extracting(DBClusterSnapshot::status).containsExactly("available", "available");
        assertThat(copies).extracting(DBClusterSnapshot::kmsKeyId).containsOnly(recoveryKey.arn());
        assertThat(rds.copies()).extracting(SnapshotCopy::incremental).containsExactly(false, false);
    }

    @Test
    void listingComesInPagesThatSurviveADeletion() {
        primary.manualSnapshotQuota(1000);
        IntStream.range(0, 50).forEach(i -> snapshot(String.format("shop-%03d", i)));

        DescribeDbSnapshotsResponse first = here.describeDBSnapshots(r -> r.snapshotType("manual").maxRecords(20));
        here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-019"));
        DescribeDbSnapshotsResponse second = here.describeDBSnapshots(r -> r.maxRecords(20).marker(first.marker()));
        DescribeDbSnapshotsResponse third = here.describeDBSnapshots(r -> r.maxRecords(20).marker(second.marker()));

        assertThat(first.dbSnapshots()).hasSize(20);
        assertThat(second.dbSnapshots().get(0).dbSnapshotIdentifier()).isEqualTo("shop-020");
        assertThat(third.dbSnapshots()).hasSize(10);
        assertThat(third.marker()).isNull();
        assertThat(here.describeDBSnapshotsPaginator(r -> r.maxRecords(20)).dbSnapshots()).hasSize(49);
    }

    @Test
    void tagsAreAddedRemovedAndListed() {
        String arn = snapshot("shop-1");
        here.addTagsToResource(r -> r.resourceName(arn).tags(Tag.builder().key("a").value("1").build(),
                Tag.builder().key("b").value("").build()));
        here.addTagsToResource(r -> r.resourceName(arn).tags(Tag.builder().key("a").value("2").build()));
        here.removeTagsFromResource(r -> r.resourceName(arn).tagKeys("b", "unknown"));

        assertThat(here.listTagsForResource(r -> r.resourceName(arn)).tagList())
                .containsExactly(Tag.builder().key("a").value("2").build());
    }

    @Test
    void sameNameIsRefusedByItsExceptionsClass() {
        snapshot("shop-1");
        assertThatThrownBy(
                () -> here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("Shop-1")))
                .isInstanceOf(DbSnapshotAlreadyExistsException.class);
    }

    @Test
    void regionsAndAccountsAreApart() {
        String arn = snapshot("shop-1");
        RdsClient stranger = rds.configure(RdsClient.builder().httpClient(HTTP), OTHER_ACCOUNT, PRIMARY).build();

        assertThat(there.describeDBSnapshots().dbSnapshots()).isEmpty();
        assertThat(stranger.describeDBSnapshots(r -> r.includeShared(true)).dbSnapshots()).isEmpty();

        here.modifyDBSnapshotAttribute(r -> r.dbSnapshotIdentifier("shop-1").attributeName("restore").valuesToAdd(OTHER_ACCOUNT));

        assertThat(stranger.describeDBSnapshots(r -> r.snapshotType("shared")).dbSnapshots())
                .extracting(DBSnapshot::dbSnapshotArn).containsExactly(arn);
        assertThat(stranger.describeDBSnapshots().dbSnapshots()).isEmpty();
        assertThat(here.describeDBSnapshotAttributes(r -> r.dbSnapshotIdentifier("shop-1")).dbSnapshotAttributesResult()
                .dbSnapshotAttributes().get(0).attributeValues()).containsExactly(OTHER_ACCOUNT);
    }
}
