package webapp.local.rds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CopyDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.Filter;
import software.amazon.awssdk.services.rds.model.Tag;

/** Each refusal of the snapshot actions, by its code and status. */
class SnapshotRefusalsTest extends DoubleFixture {
    private final RdsClient stranger = rds.configure(RdsClient.builder().httpClient(HTTP), OTHER_ACCOUNT, PRIMARY).build();
    private String source;

    @BeforeEach
    void oneSnapshot() {
        source = snapshot("shop-1");
        primary.cluster("books").encryptedBy(key);
    }

    private String create(String database, String identifier) {
        return refused(() -> here.createDBSnapshot(r -> r.dbInstanceIdentifier(database).dbSnapshotIdentifier(identifier))).answer();
    }

    private String createOfCluster(String cluster, String identifier) {
        return refused(() -> here.createDBClusterSnapshot(r -> r.dbClusterIdentifier(cluster).dbClusterSnapshotIdentifier(identifier)))
                .answer();
    }

    private Refused copyRefused(Consumer<CopyDbSnapshotRequest.Builder> request) {
        return refused(() -> there.copyDBSnapshot(r -> request.accept(r.sourceDBSnapshotIdentifier(source)
                .targetDBSnapshotIdentifier("copy").kmsKeyId(recoveryKey.arn()))));
    }

    @Test
    void creationIsRefused() {
        assertThat(create("none", "shop-2")).isEqualTo("404 DBInstanceNotFound");
        assertThat(create("shop", "shop-1")).isEqualTo("400 DBSnapshotAlreadyExists");
        for (String identifier : new String[] {"1-shop", "shop--2", "shop-2-", "shop_2", "s".repeat(256), "rds:shop"}) {
            assertThat(create("shop", identifier)).as(identifier).isEqualTo("400 InvalidParameterValue");
        }
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("s".repeat(255)));
        assertThat(create("shop", "shop-2")).as("backing-up").isEqualTo("400 InvalidDBInstanceState");
        shop.status("storage-full");
        minutes(4);
        assertThat(create("shop", "shop-2")).isEqualTo("400 InvalidDBInstanceState");
        shop.status("available");
        primary.manualSnapshotQuota(3);
        shop.automatedSnapshot();
        snapshot("shop-2");
        Refused quota = refused(() -> here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-3")));
        assertThat(quota).isEqualTo(new Refused(400, "SnapshotQuotaExceeded", "Cannot create more than 3 manual snapshots"));
    }

    @Test
    void creationOfAClustersIsRefused() {
        assertThat(createOfCluster("none", "books-1")).isEqualTo("404 DBClusterNotFoundFault");
        here.createDBClusterSnapshot(r -> r.dbClusterIdentifier("books").dbClusterSnapshotIdentifier("books-1"));
        assertThat(createOfCluster("books", "books-1")).isEqualTo("400 DBClusterSnapshotAlreadyExistsFault");
        assertThat(refused(() -> here.copyDBClusterSnapshot(r -> r.sourceDBClusterSnapshotIdentifier("books-1")
                .targetDBClusterSnapshotIdentifier("books-2"))).answer()).isEqualTo("400 InvalidDBClusterSnapshotStateFault");
        assertThat(refused(() -> here.deleteDBClusterSnapshot(r -> r.dbClusterSnapshotIdentifier("books-1"))).answer())
                .isEqualTo("400 InvalidDBClusterSnapshotStateFault");
        assertThat(refused(() -> here.deleteDBClusterSnapshot(r -> r.dbClusterSnapshotIdentifier("none"))).answer())
                .isEqualTo("404 DBClusterSnapshotNotFoundFault");
        primary.cluster("books").status("stopped");
        assertThat(createOfCluster("books", "books-2")).isEqualTo("400 InvalidDBClusterStateFault");
        primary.manualSnapshotQuota(1);
        primary.cluster("books").status("available");
        assertThat(createOfCluster("books", "books-2")).isEqualTo("400 SnapshotQuotaExceeded");
    }

    @Test
    void copyOfAMultiAzClustersIsRefused() {
        primary.cluster("books").engine("postgres", "17.4");
        here.createDBClusterSnapshot(r -> r.dbClusterIdentifier("books").dbClusterSnapshotIdentifier("books-1"));
        minutes(4);
        for (RdsClient client : new RdsClient[] {here, there}) {
            assertThat(refused(() -> client.copyDBClusterSnapshot(r -> r.sourceDBClusterSnapshotIdentifier(primary.snapshot("books-1").arn())
                    .targetDBClusterSnapshotIdentifier("books-2").kmsKeyId(recoveryKey.arn()))).answer()).isEqualTo("400 InvalidParameterCombination");
        }
    }

    @Test
    void copyIsRefused() {
        assertThat(copyRefused(r -> r.sourceDBSnapshotIdentifier(source + "x")).answer()).isEqualTo("404 DBSnapshotNotFound");
        assertThat(copyRefused(r -> r.sourceDBSnapshotIdentifier("shop-1")).answer()).isEqualTo("404 DBSnapshotNotFound");
        assertThat(copyRefused(r -> r.targetDBSnapshotIdentifier("no_name")).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(copyRefused(r -> r.kmsKeyId(null))).isEqualTo(new Refused(400, "InvalidParameterValue",
                "Must specify new KMS key for cross region encrypted snapshot copy."));
        assertThat(copyRefused(r -> r.kmsKeyId(key.arn()))).satisfies(refusal -> {
            assertThat(refusal.answer()).isEqualTo("400 KMSKeyNotAccessibleFault");
            assertThat(refusal.message()).startsWith("The target KMS key [" + key.arn() + "]");
        });
        key.deny();
        assertThat(copyRefused(r -> {}).message()).startsWith("The source snapshot KMS key [" + key.arn() + "]");
        key.allow();
        assertThat(copyRefused(r -> r.optionGroupName("none")).answer()).isEqualTo("404 OptionGroupNotFoundFault");
        copy(source, "copy");
        assertThat(copyRefused(r -> {}).answer()).isEqualTo("400 DBSnapshotAlreadyExists");
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-2"));
        assertThat(copyRefused(r -> r.sourceDBSnapshotIdentifier(primary.snapshot("shop-2").arn()).targetDBSnapshotIdentifier("b"))
                .answer()).isEqualTo("400 InvalidDBSnapshotState");
        recovery.manualSnapshotQuota(1);
        assertThat(copyRefused(r -> r.targetDBSnapshotIdentifier("b")).message()).isEqualTo("Cannot create more than 1 manual snapshots");
    }

    /** Unlike an instance's, which a copy may encrypt. */
    @Test
    void unencryptedClusterSnapshotIsNotCopiedUnderAKey() {
        primary.cluster("books").encryptedBy(null);
        here.createDBClusterSnapshot(r -> r.dbClusterIdentifier("books").dbClusterSnapshotIdentifier("books-1"));
        minutes(10);
        String books = primary.snapshot("books-1").arn();
        assertThat(refused(() -> there.copyDBClusterSnapshot(r -> r.sourceDBClusterSnapshotIdentifier(books)
                .targetDBClusterSnapshotIdentifier("copy").kmsKeyId(recoveryKey.arn()))).answer()).isEqualTo("400 InvalidParameterCombination");
        there.copyDBClusterSnapshot(r -> r.sourceDBClusterSnapshotIdentifier(books).targetDBClusterSnapshotIdentifier("copy"));
        assertThat(recovery.snapshot("copy").keyArn()).isNull();
    }

    @Test
    void twentyCopiesOutOfOtherRegionsAreInProgressAtMost() {
        IntStream.range(0, 20).forEach(i -> copy(source, "copy-" + i));
        assertThat(copyRefused(r -> {})).isEqualTo(
                new Refused(400, "SnapshotQuotaExceeded", "Cannot copy more than 20 snapshots across regions"));
        minutes(40);
        copy(source, "copy-20");
    }

    @Test
    void optionGroupDoesNotTravel() {
        shop.optionGroup("audit");
        String withGroup = snapshot("shop-2");
        recovery.optionGroup("audit-recovery");
        assertThat(copyRefused(r -> r.sourceDBSnapshotIdentifier(withGroup))).isEqualTo(new Refused(400, "InvalidParameterValue",
                "The snapshot requires a target option group with the following options: [audit]"));
        there.copyDBSnapshot(r -> r.sourceDBSnapshotIdentifier(withGroup).targetDBSnapshotIdentifier("copy").kmsKeyId(recoveryKey.arn())
                .optionGroupName("audit-recovery"));
        assertThat(describe(there, "copy").optionGroupName()).isEqualTo("audit-recovery");
        assertThat(describe(here, "shop-1").optionGroupName()).isEqualTo("default:mysql-8-4");
        assertThat(here.describeDBInstances().dbInstances().get(0).optionGroupMemberships().get(0).optionGroupName()).isEqualTo("audit");
    }

    @Test
    void deletionIsRefused() {
        assertThat(refused(() -> here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("none"))).answer()).isEqualTo("404 DBSnapshotNotFound");
        String automated = shop.automatedSnapshot();
        assertThat(refused(() -> here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier(automated))).answer())
                .isEqualTo("400 InvalidDBSnapshotState");
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-2"));
        assertThat(refused(() -> here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-2"))).answer())
                .isEqualTo("400 InvalidDBSnapshotState");
    }

    @Test
    void descriptionIsRefused() {
        assertThat(refused(() -> describe(here, "none")).answer()).isEqualTo("404 DBSnapshotNotFound");
        assertThat(refused(() -> here.describeDBSnapshots(r -> r.snapshotType("hourly"))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> here.describeDBSnapshots(r -> r.maxRecords(19))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> here.describeDBSnapshots(r -> r.maxRecords(101))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> here.describeDBSnapshots(r -> r.marker("no marker"))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> here.describeDBSnapshots(r -> r.filters(Filter.builder().name("tag").values("x").build()))).answer())
                .isEqualTo("400 InvalidParameterValue");
    }

    @Test
    void snapshotsAreFoundByTypeDatabaseAndFilter() {
        String automated = shop.automatedSnapshot();
        assertThat(here.describeDBSnapshots(r -> r.snapshotType("automated")).dbSnapshots()).singleElement()
                .satisfies(s -> assertThat(s.dbSnapshotIdentifier()).isEqualTo(automated));
        assertThat(here.describeDBSnapshots(r -> r.snapshotType("manual")).dbSnapshots()).hasSize(1);
        assertThat(here.describeDBSnapshots(r -> r.dbInstanceIdentifier("shop")).dbSnapshots()).hasSize(2);
        assertThat(here.describeDBSnapshots(r -> r.dbInstanceIdentifier("other")).dbSnapshots()).isEmpty();
        assertThat(here.describeDBSnapshots(r -> r.filters(Filter.builder().name("db-snapshot-id").values("shop-1").build()))
                .dbSnapshots()).hasSize(1);
        there.copyDBSnapshot(r -> r.sourceDBSnapshotIdentifier(source.replace("shop-1", automated)).targetDBSnapshotIdentifier("manual")
                .kmsKeyId(recoveryKey.arn()));
        assertThat(describe(there, "manual").snapshotType()).isEqualTo("manual");
    }

    @Test
    void sharingIsRefused() {
        assertThat(share("none", "restore", OTHER_ACCOUNT)).isEqualTo("404 DBSnapshotNotFound");
        assertThat(share("shop-1", "copy", OTHER_ACCOUNT)).isEqualTo("400 InvalidParameterValue");
        assertThat(share("shop-1", "restore", "4444")).isEqualTo("400 InvalidParameterValue");
        assertThat(share("shop-1", "restore")).isEqualTo("400 InvalidParameterCombination");
        assertThat(share("shop-1", "restore", "all")).as("encrypted").isEqualTo("400 InvalidParameterCombination");
        assertThat(share(shop.automatedSnapshot(), "restore", OTHER_ACCOUNT)).isEqualTo("400 InvalidDBSnapshotState");
        String[] accounts = IntStream.range(0, 21).mapToObj(i -> String.valueOf(100_000_000_000L + i)).toArray(String[]::new);
        assertThat(share("shop-1", "restore", accounts)).isEqualTo("400 SharedSnapshotQuotaExceeded");
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-2"));
        assertThat(share("shop-2", "restore", OTHER_ACCOUNT)).isEqualTo("400 InvalidDBSnapshotState");
        primary.instance("defaults").encryptedBy(primary.key("alias/aws/rds"));
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("defaults").dbSnapshotIdentifier("defaults-1"));
        minutes(4);
        assertThat(share("defaults-1", "restore", OTHER_ACCOUNT)).isEqualTo("400 InvalidParameterCombination");
    }

    private String share(String snapshot, String attribute, String... accounts) {
        return refused(() -> here.modifyDBSnapshotAttribute(
                r -> r.dbSnapshotIdentifier(snapshot).attributeName(attribute).valuesToAdd(accounts))).answer();
    }

    @Test
    void otherAccountNeedsAShareAndItsOwnKey() {
        KmsKey own = rds.region(OTHER_ACCOUNT, PRIMARY).key("alias/own");
        Consumer<CopyDbSnapshotRequest.Builder> copy = r -> r.sourceDBSnapshotIdentifier(source).targetDBSnapshotIdentifier("copy");
        assertThat(refused(() -> stranger.copyDBSnapshot(copy)).answer()).isEqualTo("404 DBSnapshotNotFound");
        here.modifyDBSnapshotAttribute(r -> r.dbSnapshotIdentifier("shop-1").attributeName("restore").valuesToAdd(OTHER_ACCOUNT));
        assertThat(refused(() -> stranger.copyDBSnapshot(copy)).answer()).isEqualTo("400 KMSKeyNotAccessibleFault");
        assertThat(refused(() -> stranger.restoreDBInstanceFromDBSnapshot(
                r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier(source))).answer()).isEqualTo("400 InvalidParameterValue");
        stranger.copyDBSnapshot(copy.andThen(r -> r.kmsKeyId(own.arn())));
        minutes(40);
        stranger.restoreDBInstanceFromDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("copy"));
        here.modifyDBSnapshotAttribute(r -> r.dbSnapshotIdentifier("shop-1").attributeName("restore").valuesToRemove(OTHER_ACCOUNT));
        assertThat(primary.snapshot("shop-1").sharedWith()).isEmpty();
    }

    @Test
    void tagsAreRefused() {
        assertThat(tag(source, "aws:backup", "1")).isEqualTo(
                new Refused(400, "InvalidParameterValue", "Tag keys cannot start with the reserved prefix for system tags"));
        assertThat(tag(source, "backup:hold", "because <of> it").answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(tag(source, "k".repeat(129), "").answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(tag(source, "key", "v".repeat(257)).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(tag(source + "x", "key", "").answer()).isEqualTo("404 DBSnapshotNotFound");
        assertThat(tag(source.replace(PRIMARY, RECOVERY), "key", "").answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(tag("arn:aws:rds:eu-central-1:111122223333:db:none", "key", "").answer()).isEqualTo("404 DBInstanceNotFound");
        assertThat(tag("arn:aws:rds:eu-central-1:111122223333:cluster:none", "key", "").answer())
                .isEqualTo("404 DBClusterNotFoundFault");
        for (int i = 0; i < 50; i++) {
            String name = "key-" + i;
            here.addTagsToResource(r -> r.resourceName(source).tags(Tag.builder().key(name).value("").build()));
        }
        assertThat(tag(source, "key-50", "").message()).isEqualTo("A resource can have at most 50 tags");
    }

    private Refused tag(String resource, String name, String value) {
        return refused(() -> here.addTagsToResource(r -> r.resourceName(resource).tags(Tag.builder().key(name).value(value).build())));
    }

    @Test
    void copiedTagsAreTheExplicitOnesElseTheSourcesWithoutReservedOnes() {
        shop.tag("team", "shop").tag("aws:cloudformation:stack-name", "x").copyTagsToSnapshot(true);
        here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-2"));
        minutes(4);
        assertThat(primary.snapshot("shop-2").tags()).containsOnlyKeys("team");
        Consumer<CopyDbSnapshotRequest.Builder> copy = r -> r.sourceDBSnapshotIdentifier("shop-2").copyTags(true);
        here.copyDBSnapshot(copy.andThen(r -> r.targetDBSnapshotIdentifier("a")));
        here.copyDBSnapshot(copy.andThen(r -> r.targetDBSnapshotIdentifier("b").tags(Tag.builder().key("own").value("1").build())));
        here.copyDBSnapshot(r -> r.sourceDBSnapshotIdentifier("shop-2").targetDBSnapshotIdentifier("c"));
        assertThat(primary.snapshot("a").tags()).containsOnlyKeys("team");
        assertThat(primary.snapshot("b").tags()).containsOnlyKeys("own");
        assertThat(primary.snapshot("c").tags()).isEmpty();
    }
}
