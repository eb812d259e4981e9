package webapp.local.rds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.AccountQuota;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Filter;
import software.amazon.awssdk.services.rds.model.RestoreDbClusterFromSnapshotRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.Tag;

class DatabaseActionsTest extends DoubleFixture {
    private DBInstance instance(RdsClient client, String identifier) {
        return client.describeDBInstances(r -> r.dbInstanceIdentifier(identifier)).dbInstances().get(0);
    }

    private void restore(String identifier, Consumer<RestoreDbInstanceFromDbSnapshotRequest.Builder> more) {
        here.restoreDBInstanceFromDBSnapshot(r -> more.accept(r.dbInstanceIdentifier(identifier).dbSnapshotIdentifier("shop-1")));
    }

    private void restoreCluster(String identifier, Consumer<RestoreDbClusterFromSnapshotRequest.Builder> more) {
        here.restoreDBClusterFromSnapshot(r -> more.accept(r.dbClusterIdentifier(identifier).snapshotIdentifier("books-1")
                .engine("aurora-mysql")));
    }

    @Test
    void restoredInstanceHoldsTheRowsOfTheSnapshotUnderTheSettingsOfTheRequest() {
        Rows rows = (Rows) shop.data();
        rows.table("shop.orders").add("1");
        snapshot("shop-1");
        rows.table("shop.orders").add("2");
        primary.subnetGroup("drill").parameterGroup("drill-parameters");

        restore("drill-1", r -> r.dbSubnetGroupName("drill").dbParameterGroupName("drill-parameters").vpcSecurityGroupIds("sg-1")
                .dbInstanceClass("db.t4g.small").enableIAMDatabaseAuthentication(true).publiclyAccessible(false)
                .tags(Tag.builder().key("backup:role").value("drill").build()));
        assertThat(instance(here, "drill-1").dbInstanceStatus()).isEqualTo("creating");
        assertThat(instance(here, "drill-1").endpoint()).isNull();
        minutes(25);

        DBInstance made = instance(here, "drill-1");
        assertThat(made.dbInstanceStatus()).isEqualTo("available");
        assertThat(made.endpoint().address()).isEqualTo("drill-1.restored.rds.amazonaws.com");
        assertThat(made.endpoint().port()).isEqualTo(3306);
        assertThat(made.dbSubnetGroup().dbSubnetGroupName()).isEqualTo("drill");
        assertThat(made.dbParameterGroups().get(0).dbParameterGroupName()).isEqualTo("drill-parameters");
        assertThat(made.vpcSecurityGroups().get(0).vpcSecurityGroupId()).isEqualTo("sg-1");
        assertThat(made.dbInstanceClass()).isEqualTo("db.t4g.small");
        assertThat(made.iamDatabaseAuthenticationEnabled()).isTrue();
        assertThat(made.kmsKeyId()).isEqualTo(key.arn());
        assertThat(made.tagList()).hasSize(1);
        assertThat(((Rows) primary.instance("drill-1").data()).tables()).isEqualTo(Map.of("shop.orders", List.of("1")));

        here.deleteDBInstance(r -> r.dbInstanceIdentifier("drill-1").skipFinalSnapshot(true));
        assertThat(instance(here, "drill-1").dbInstanceStatus()).isEqualTo("deleting");
        minutes(3);
        assertThat(primary.has("drill-1")).isFalse();
        assertThat(refused(() -> instance(here, "drill-1")).answer()).isEqualTo("404 DBInstanceNotFound");
    }

    @Test
    void restoreMayEndInAStateThatOnlyADeletionEnds() {
        snapshot("shop-1");
        rds.fault("RestoreDBInstanceFromDBSnapshot").thenFails("incompatible-network");
        restore("drill-1", r -> {});
        minutes(25);

        assertThat(instance(here, "drill-1").dbInstanceStatus()).isEqualTo("incompatible-network");
        assertThat(refused(() -> here.deleteDBInstance(r -> r.dbInstanceIdentifier("drill-1").finalDBSnapshotIdentifier("last"))).answer())
                .isEqualTo("400 InvalidDBInstanceState");
        here.deleteDBInstance(r -> r.dbInstanceIdentifier("drill-1").skipFinalSnapshot(true));
    }

    @Test
    void restoreIsRefusedByWhatIsWrong() {
        copy(snapshot("shop-1"), "shop-1");
        assertThat(refused(() -> restore("shop", r -> {})).answer()).isEqualTo("400 DBInstanceAlreadyExists");
        assertThat(refused(() -> restore("1-drill", r -> {})).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> restore("d".repeat(64), r -> {})).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> restore("drill", r -> r.dbSnapshotIdentifier("none"))).answer()).isEqualTo("404 DBSnapshotNotFound");
        assertThat(refused(() -> restore("drill", r -> r.dbSnapshotIdentifier(recovery.snapshot("shop-1").arn()))).answer())
                .isEqualTo("404 DBSnapshotNotFound");
        assertThat(refused(() -> restore("drill", r -> r.dbSnapshotIdentifier(null))).answer())
                .isEqualTo("400 InvalidParameterCombination");
        assertThat(refused(() -> restore("drill", r -> r.dbSubnetGroupName("none"))).answer())
                .isEqualTo("404 DBSubnetGroupNotFoundFault");
        assertThat(refused(() -> restore("drill", r -> r.dbParameterGroupName("none"))).answer())
                .isEqualTo("404 DBParameterGroupNotFound");
        assertThat(refused(() -> restore("drill", r -> r.optionGroupName("none"))).answer()).isEqualTo("404 OptionGroupNotFoundFault");
        assertThat(refused(() -> restore("drill", r -> r.vpcSecurityGroupIds("default"))).answer())
                .isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> restore("drill", r -> r.dbInstanceClass("t4g.small"))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> restore("drill", r -> r.dbName("shop"))).answer()).isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> there.restoreDBInstanceFromDBSnapshot(
                r -> r.dbInstanceIdentifier("drill").dbSnapshotIdentifier("shop-1"))).answer()).isEqualTo("400 InvalidDBSnapshotState");
        key.deny();
        assertThat(refused(() -> restore("drill", r -> {})).answer()).isEqualTo("400 KMSKeyNotAccessibleFault");
        key.allow();
        primary.instanceQuota(1);
        assertThat(refused(() -> restore("drill", r -> {})).answer()).isEqualTo("400 InstanceQuotaExceeded");
    }

    @Test
    void restoredClusterServesOnceItHasAnInstance() {
        primary.cluster("books").encryptedBy(key);
        here.createDBClusterSnapshot(r -> r.dbClusterIdentifier("books").dbClusterSnapshotIdentifier("books-1"));
        minutes(4);
        restoreCluster("drill-1", r -> r.enableIAMDatabaseAuthentication(true));
        assertThat(refused(() -> member("drill-1", "aurora-mysql")).answer()).isEqualTo("400 InvalidDBClusterStateFault");
        minutes(25);
        assertThat(refused(() -> member("drill-1", "mysql")).answer()).isEqualTo("400 InvalidParameterCombination");
        assertThat(refused(() -> member("none", "aurora-mysql")).answer()).isEqualTo("404 DBClusterNotFoundFault");
        member("drill-1", "aurora-mysql");
        minutes(25);

        DBCluster made = here.describeDBClusters(r -> r.dbClusterIdentifier("drill-1")).dbClusters().get(0);
        assertThat(made.status()).isEqualTo("available");
        assertThat(made.endpoint()).isEqualTo("drill-1.restored.rds.amazonaws.com");
        assertThat(made.iamDatabaseAuthenticationEnabled()).isTrue();
        assertThat(made.dbClusterMembers()).singleElement().satisfies(member -> assertThat(member.isClusterWriter()).isTrue());
        assertThat(here.describeDBInstances(r -> r.filters(Filter.builder().name("db-cluster-id").values("drill-1").build())).dbInstances())
                .extracting(DBInstance::dbInstanceStatus).containsExactly("available");

        assertThat(refused(() -> here.deleteDBCluster(r -> r.dbClusterIdentifier("drill-1").skipFinalSnapshot(true))).answer())
                .isEqualTo("400 InvalidDBClusterStateFault");
        here.deleteDBInstance(r -> r.dbInstanceIdentifier("drill-1-member"));
        here.deleteDBCluster(r -> r.dbClusterIdentifier("drill-1").skipFinalSnapshot(true));
        minutes(3);
        assertThat(primary.has("drill-1")).isFalse();
        assertThat(primary.has("drill-1-member")).isFalse();
    }

    private void member(String cluster, String engine) {
        here.createDBInstance(r -> r.dbInstanceIdentifier("drill-1-member").dbClusterIdentifier(cluster).engine(engine)
                .dbInstanceClass("db.t4g.medium"));
    }

    @Test
    void restoreOfAClusterIsRefusedByWhatIsWrong() {
        primary.cluster("books").encryptedBy(key);
        here.createDBClusterSnapshot(r -> r.dbClusterIdentifier("books").dbClusterSnapshotIdentifier("books-1"));
        assertThat(refused(() -> restoreCluster("drill", r -> {})).answer()).isEqualTo("400 InvalidDBClusterSnapshotStateFault");
        minutes(4);
        assertThat(refused(() -> restoreCluster("books", r -> {})).answer()).isEqualTo("400 DBClusterAlreadyExistsFault");
        assertThat(refused(() -> restoreCluster("drill", r -> r.snapshotIdentifier("no"))).answer())
                .isEqualTo("404 DBClusterSnapshotNotFoundFault");
        assertThat(refused(() -> restoreCluster("drill", r -> r.engine("aurora-postgresql"))).answer())
                .isEqualTo("400 InvalidParameterCombination");
        assertThat(refused(() -> restoreCluster("drill", r -> r.dbClusterParameterGroupName("no"))).answer())
                .isEqualTo("404 DBClusterParameterGroupNotFound");
        assertThat(refused(() -> restoreCluster("drill", r -> r.dbSubnetGroupName("no"))).answer())
                .isEqualTo("404 DBSubnetGroupNotFoundFault");
        assertThat(refused(() -> restoreCluster("drill", r -> r.kmsKeyId("no"))).answer()).isEqualTo("400 KMSKeyNotAccessibleFault");
        primary.clusterQuota(1);
        assertThat(refused(() -> restoreCluster("drill", r -> {})).answer()).isEqualTo("403 DBClusterQuotaExceededFault");
    }

    @Test
    void deletionIsRefusedByWhatIsWrong() {
        assertThat(refused(() -> here.deleteDBInstance(r -> r.dbInstanceIdentifier("shop"))).answer())
                .isEqualTo("400 InvalidParameterCombination");
        assertThat(refused(() -> here.deleteDBInstance(
                r -> r.dbInstanceIdentifier("shop").skipFinalSnapshot(true).finalDBSnapshotIdentifier("last"))).answer())
                .isEqualTo("400 InvalidParameterCombination");
        shop.deletionProtection(true);
        assertThat(refused(() -> here.deleteDBInstance(r -> r.dbInstanceIdentifier("shop").skipFinalSnapshot(true))).message())
                .startsWith("Cannot delete protected DB Instance");
        shop.deletionProtection(false);
        snapshot("last");
        assertThat(refused(() -> here.deleteDBInstance(r -> r.dbInstanceIdentifier("shop").finalDBSnapshotIdentifier("last"))).answer())
                .isEqualTo("400 DBSnapshotAlreadyExists");
        shop.automatedSnapshot();
        here.deleteDBInstance(r -> r.dbInstanceIdentifier("shop").finalDBSnapshotIdentifier("final"));
        assertThat(refused(() -> here.deleteDBInstance(r -> r.dbInstanceIdentifier("shop").skipFinalSnapshot(true))).answer())
                .isEqualTo("400 InvalidDBInstanceState");
        minutes(4);

        assertThat(primary.has("shop")).isFalse();
        assertThat(primary.snapshots()).extracting(SnapshotView::identifier).containsExactly("final", "last");
        assertThat(primary.snapshot("final").status()).isEqualTo("available");
        assertThat(refused(() -> here.deleteDBInstance(r -> r.dbInstanceIdentifier("shop").skipFinalSnapshot(true))).answer())
                .isEqualTo("404 DBInstanceNotFound");
    }

    @Test
    void quotasAreReported() {
        primary.manualSnapshotQuota(90);
        snapshot("shop-1");
        assertThat(here.describeAccountAttributes().accountQuotas()).contains(
                AccountQuota.builder().accountQuotaName("ManualSnapshots").used(1L).max(90L).build(),
                AccountQuota.builder().accountQuotaName("ManualClusterSnapshots").used(0L).max(90L).build(),
                AccountQuota.builder().accountQuotaName("DBInstances").used(1L).max(40L).build());
    }

    @Test
    void unknownFilterIsRefused() {
        assertThat(refused(() -> here.describeDBInstances(r -> r.filters(Filter.builder().name("no").values("x").build()))).answer())
                .isEqualTo("400 InvalidParameterValue");
        assertThat(refused(() -> here.describeDBClusters(r -> r.dbClusterIdentifier("no"))).answer())
                .isEqualTo("404 DBClusterNotFoundFault");
    }
}
