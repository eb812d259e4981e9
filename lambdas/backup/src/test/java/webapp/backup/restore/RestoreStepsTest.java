package webapp.backup.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.rds.RdsClient;
import webapp.local.rds.Call;
import webapp.local.rds.RdsDouble;
import webapp.local.rds.SettableClock;

class RestoreStepsTest {
    private static final String REGION = "eu-central-1";
    private static final SdkHttpClient HTTP = UrlConnectionHttpClient.builder().build();

    private final SettableClock clock = new SettableClock(Instant.parse("2026-07-02T00:00:00Z"));
    private final RdsDouble rds = RdsDouble.start(clock);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @BeforeEach
    void snapshots() {
        rds.region(REGION).instance("shop").encryptedBy(rds.region(REGION).key("alias/backup"));
        rds.region(REGION).cluster("shop-cluster");
        RdsClient client = client(REGION);
        client.createDBSnapshot(create -> create.dbInstanceIdentifier("shop").dbSnapshotIdentifier("bk-shop"));
        client.createDBClusterSnapshot(create -> create.dbClusterIdentifier("shop-cluster").dbClusterSnapshotIdentifier("bk-shop-cluster"));
        clock.advance(Duration.ofMinutes(10));
    }

    @AfterEach
    void close() {
        rds.close();
    }

    @Test
    void instanceIsRestoredAsTheOriginalIs() {
        assertThat(run("--region", REGION, "--snapshot", "bk-shop", "--identifier", "shop-restored", "--subnet-group", "database",
                "--security-groups", "sg-1,sg-2")).isZero();

        assertThat(out()).contains("# Snapshot bk-shop of instance shop (mysql 8.4.5), data of 2026-07-02T00:00:00Z");
        assertThat(command("restore-db-instance-from-db-snapshot")).containsExactly(
                "aws rds restore-db-instance-from-db-snapshot --region eu-central-1",
                "--db-instance-identifier shop-restored", "--db-snapshot-identifier bk-shop", "--db-instance-class db.t4g.medium",
                "--db-subnet-group-name database", "--vpc-security-group-ids sg-1 sg-2", "--db-parameter-group-name default.mysql",
                "--option-group-name default:mysql-8-4", "--port 3306", "--storage-type gp3", "--no-publicly-accessible", "--no-multi-az",
                "--enable-iam-database-authentication", "--deletion-protection", "--copy-tags-to-snapshot");
        assertThat(out()).contains("aws rds wait db-instance-available --region eu-central-1 \\\n  --db-instance-identifier shop-restored\n")
                .contains("--new-db-instance-identifier shop-before-restore");
        assertThat(command("add-tags-to-resource")).contains(
                "--resource-name arn:aws:rds:eu-central-1:111122223333:snapshot:bk-shop", "--tags Key=backup:hold,Value=restore");
    }

    @Test
    void commandsAreThoseThatRdsTakes() {
        run("--region", REGION, "--snapshot", "bk-shop", "--identifier", "shop-restored", "--security-groups", "sg-1");

        // The same by the SDK, argument by argument, as the double checks them.
        client(REGION).restoreDBInstanceFromDBSnapshot(restore -> restore.dbInstanceIdentifier("shop-restored").dbSnapshotIdentifier("bk-shop")
                .dbInstanceClass(argument("db-instance-class")).dbSubnetGroupName(argument("db-subnet-group-name"))
                .vpcSecurityGroupIds(argument("vpc-security-group-ids")).dbParameterGroupName(argument("db-parameter-group-name"))
                .optionGroupName(argument("option-group-name")).port(Integer.valueOf(argument("port"))).storageType(argument("storage-type")));
        assertThat(rds.region(REGION).has("shop-restored")).isTrue();
    }

    @Test
    void clusterIsRestoredWithAnInstance() {
        assertThat(run("--region", REGION, "--snapshot", "bk-shop-cluster", "--identifier", "restored", "--class", "db.r6g.large",
                "--security-groups", "sg-1")).isZero();

        assertThat(command("restore-db-cluster-from-snapshot")).contains("--db-cluster-identifier restored", "--snapshot-identifier bk-shop-cluster",
                "--engine aurora-mysql", "--engine-version 8.0.mysql_aurora.3.10.0", "--db-cluster-parameter-group-name default.aurora-mysql",
                "--vpc-security-group-ids sg-1", "--enable-iam-database-authentication");
        assertThat(command("create-db-instance")).contains("--db-instance-identifier restored-1", "--db-cluster-identifier restored",
                "--engine aurora-mysql", "--db-instance-class db.r6g.large");
    }

    @Test
    void otherRegionGetsACopyFirst() {
        assertThat(run("--region", REGION, "--snapshot", "bk-shop", "--identifier", "restored", "--to-region", "eu-west-1", "--kms-key", "alias/rescue",
                "--class", "db.t4g.medium", "--subnet-group", "rescue", "--security-groups", "sg-9")).isZero();

        assertThat(command("copy-db-snapshot")).containsExactly("aws rds copy-db-snapshot --region eu-west-1",
                "--source-db-snapshot-identifier arn:aws:rds:eu-central-1:111122223333:snapshot:bk-shop", "--target-db-snapshot-identifier bk-shop",
                "--source-region eu-central-1", "--kms-key-id alias/rescue", "--no-copy-tags");
        assertThat(command("restore-db-instance-from-db-snapshot")).startsWith("aws rds restore-db-instance-from-db-snapshot --region eu-west-1")
                .contains("--db-snapshot-identifier bk-shop", "--db-subnet-group-name rescue", "--vpc-security-group-ids sg-9");
        // There the original has another name's place to take.
        assertThat(out()).doesNotContain("before-restore");
    }

    @Test
    void withoutTheOriginalWhatIsMissingIsNamed() {
        rds.region(REGION).instance("shop").remove();

        assertThat(run("--region", REGION, "--snapshot", "bk-shop", "--identifier", "restored", "--class", "db.t4g.medium")).isEqualTo(1);

        assertThat(errors()).contains("--subnet-group is missing: the original is not there to ask");
    }

    @Test
    void onlyReads() {
        int before = rds.calls().size();

        run("--region", REGION, "--snapshot", "bk-shop", "--identifier", "restored", "--security-groups", "sg-1");

        assertThat(rds.calls().subList(before, rds.calls().size())).isNotEmpty().noneMatch(Call::mutates);
    }

    @Test
    void snapshotThatIsNotThereOrNotReadyIsNamed() {
        assertThat(run("--region", REGION, "--snapshot", "absent", "--identifier", "restored")).isEqualTo(1);
        assertThat(errors()).contains("there is no snapshot absent of an instance or a cluster in eu-central-1");

        client(REGION).createDBSnapshot(create -> create.dbInstanceIdentifier("shop").dbSnapshotIdentifier("bk-new"));
        assertThat(run("--region", REGION, "--snapshot", "bk-new", "--identifier", "restored")).isEqualTo(1);
        assertThat(errors()).contains("the snapshot bk-new is creating: choose an available one");
    }

    @Test
    void refusedCallIsTold() {
        rds.fault("DescribeDBSnapshots").fail("AccessDenied", "not authorized to perform: rds:DescribeDBSnapshots");

        assertThat(run("--region", REGION, "--snapshot", "bk-shop", "--identifier", "restored")).isEqualTo(1);
        assertThat(errors()).contains("cannot read the snapshot bk-shop in eu-central-1: not authorized to perform: rds:DescribeDBSnapshots");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--region eu-central-1 --identifier new | --snapshot is missing",
        "--region eu-central-1 --snapshot a | --identifier is missing",
        "--snapshot a --identifier new | --region is missing",
        "--region | --region needs a value",
        "--colour red | --colour is unknown",
        "restore | restore is unknown",
        "--region a --region b | --region is given twice",
        "--region a --snapshot b --identifier 1x | --identifier is '1x'",
        "--region a --snapshot b --identifier x--y | --identifier is 'x--y'",
        "--region a --snapshot b --identifier x --to-region c | --kms-key is missing"})
    void wrongArgumentsAreNamedWithTheUsage(String words, String complaint) {
        assertThat(run(words.split(" "))).isEqualTo(2);
        assertThat(errors()).startsWith(complaint).contains("java -cp dist/backup.jar webapp.backup.restore.RestoreSteps");
        assertThat(out()).isEmpty();
    }

    @Test
    void wordsOfAShellAreQuoted() {
        assertThat(Command.rds("x", "r").with("a", "it's $HOME").with("b", List.of("c d", "e")).with("none", (String) null))
                .hasToString("aws rds x --region r \\\n  --a 'it'\\''s $HOME' \\\n  --b 'c d' e");
    }

    private int run(String... words) {
        out.reset();
        errors.reset();
        return new RestoreSteps(this::client, new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(new PrintStream(errors, true, StandardCharsets.UTF_8), words);
    }

    private RdsClient client(String region) {
        return rds.configure(RdsClient.builder().httpClient(HTTP), region).build();
    }

    /** The lines of the first such command, without what joins them. */
    private List<String> command(String operation) {
        List<String> lines = new ArrayList<>();
        for (String line : out().lines().toList()) {
            if (!lines.isEmpty() || line.startsWith("aws rds " + operation + " ")) {
                lines.add(line.replace(" \\", "").strip());
                if (!line.endsWith("\\")) {
                    return lines;
                }
            }
        }
        return lines;
    }

    private String argument(String name) {
        return command("restore-db-instance-from-db-snapshot").stream().filter(line -> line.startsWith("--" + name + " ")).findFirst().orElseThrow()
                .replaceFirst("^\\S+ ", "");
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return errors.toString(StandardCharsets.UTF_8);
    }
}
