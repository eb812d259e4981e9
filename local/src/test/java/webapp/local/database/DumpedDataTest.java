package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import webapp.local.rds.Bucket;
import webapp.local.rds.RdsDouble;
import webapp.local.rds.RdsRegion;
import webapp.local.rds.SettableClock;

class DumpedDataTest {
    @TempDir
    private Path directory;

    @Test
    void snapshotOfARealServerIsCopiedRestoredAndExported() throws Exception {
        MariaDb source = TestDatabase.server();
        execute(source, "CREATE DATABASE dumped", "CREATE TABLE dumped.orders (id INT PRIMARY KEY, note TEXT)",
                "INSERT INTO dumped.orders VALUES (1, 'tab\\tand ü'), (2, NULL)", "CREATE TABLE dumped.people (name TEXT)",
                "CREATE USER dumped_reader IDENTIFIED BY 'secret'", "GRANT SELECT ON dumped.* TO dumped_reader");
        SettableClock clock = new SettableClock(Instant.parse("2026-03-01T02:00:00Z"));
        try (RdsDouble rds = RdsDouble.start(clock)) {
            RdsRegion primary = rds.region("eu-central-1");
            RdsRegion recovery = rds.region("eu-west-1");
            primary.instance("shop").holds(new DumpedData(source, directory));
            Bucket exports = primary.bucket("exports");
            RdsClient here = rds.configure(RdsClient.builder().httpClient(rds.directly()), "eu-central-1").build();
            RdsClient there = rds.configure(RdsClient.builder().httpClient(rds.directly()), "eu-west-1").build();

            here.createDBSnapshot(r -> r.dbInstanceIdentifier("shop").dbSnapshotIdentifier("shop-1"));
            execute(source, "DROP TABLE dumped.people", "DELETE FROM dumped.orders");
            clock.advance(Duration.ofMinutes(4));
            String arn = primary.snapshot("shop-1").arn();
            here.startExportTask(r -> r.exportTaskIdentifier("x-1").sourceArn(arn).s3BucketName("exports").exportOnly("dumped")
                    .iamRoleArn(primary.exportRole("export").arn()).kmsKeyId(primary.key("alias/backup").arn()));
            there.copyDBSnapshot(r -> r.sourceDBSnapshotIdentifier(arn).targetDBSnapshotIdentifier("shop-1"));
            clock.advance(Duration.ofHours(1));
            there.restoreDBInstanceFromDBSnapshot(r -> r.dbInstanceIdentifier("drill").dbSnapshotIdentifier("shop-1"));
            clock.advance(Duration.ofHours(1));

            DBInstance drill = there.describeDBInstances(r -> r.dbInstanceIdentifier("drill")).dbInstances().get(0);
            MariaDb restored = ((DumpedData) recovery.instance("drill").data()).server();
            assertThat(drill.dbInstanceStatus()).isEqualTo("available");
            assertThat(drill.endpoint().port()).isEqualTo(restored.port()).isNotEqualTo(source.port());
            assertThat(query(restored, "SELECT note FROM dumped.orders ORDER BY id")).containsExactly("tab\tand ü", null);
            assertThat(query(restored, "SHOW TABLES IN dumped")).containsExactly("orders", "people");
            assertThat(query(restored, "SHOW GRANTS FOR dumped_reader")).contains("GRANT SELECT ON `dumped`.* TO `dumped_reader`@`%`");
            assertThat(exports.content("x-1/dumped/dumped.orders/1/part-00000.tsv")).asString().isEqualTo("1\ttab\\tand ü\n2\t\\N\n");

            there.deleteDBInstance(r -> r.dbInstanceIdentifier("drill").skipFinalSnapshot(true));
            clock.advance(Duration.ofHours(1));
            assertThat(recovery.has("drill")).isFalse();
            assertThat(ProcessHandle.of(restored.pid()).map(ProcessHandle::isAlive).orElse(false)).isFalse();
            here.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-1"));
            there.deleteDBSnapshot(r -> r.dbSnapshotIdentifier("shop-1"));
            try (var files = Files.list(directory)) {
                assertThat(files).isEmpty();
            }
        } finally {
            execute(source, "DROP DATABASE dumped", "DROP USER dumped_reader");
        }
    }

    private static void execute(MariaDb server, String... statements) throws SQLException {
        try (Connection connection = server.administration(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> query(MariaDb server, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = server.administration(); ResultSet rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
