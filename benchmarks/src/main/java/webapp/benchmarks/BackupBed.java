package webapp.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import webapp.backup.ServedTables;
import webapp.local.database.CertificateAuthority;
import webapp.local.rds.KmsKey;
import webapp.local.rds.RdsDouble;
import webapp.local.rds.RdsRegion;
import webapp.local.rds.Work;

/** AWS as a scheduler of backups sees it, over TLS: RDS, KMS and S3 by their double, DynamoDB by that of the scheduler's own tests. */
final class BackupBed {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RECOVERY_REGION = "eu-west-1";
    private static final String PLAN = "shop-prod-backup";
    static final int DATABASES = 50;

    private static final List<String> PARTITIONS = List.of("lease", "request", "status");

    private final CertificateAuthority certificates;

    /** @param directory has the certificates, which are made if there are none */
    BackupBed(Path directory) throws IOException {
        certificates = CertificateAuthority.in(directory.resolve("certificates"));
    }

    /**
     * An account in which nothing is backed up yet: fifty databases, of which one has lost its key. What RDS is asked to do is done when it is
     * asked the next time, so that ticks that follow each other come to copies and exports.
     */
    Account open() throws IOException {
        return new Account();
    }

    final class Account implements AutoCloseable {
        private final RdsDouble rds = RdsDouble.start(InstantSource.system());
        private final RdsRegion primary = rds.region(TestBed.REGION);
        private final RdsRegion recovery = rds.region(RECOVERY_REGION);
        private final ServedTables tables = new ServedTables();
        private final TlsFront tablesFront = new TlsFront(certificates.serverContext(), tables.port());
        private final TlsFront front = new TlsFront(certificates.serverContext(), rds.endpoint().getPort());
        private final ObjectNode plan = JSON.createObjectNode();

        private Account() throws IOException {
            for (Work work : Work.values()) {
                rds.takes(work, Duration.ZERO);
            }
            KmsKey key = primary.key("alias/backup");
            KmsKey lost = primary.key("alias/lost").state("PendingDeletion");
            KmsKey recoveryKey = recovery.key("alias/backup");
            primary.bucket("shop-exports").replicatesTo(recovery.bucket("shop-exports-replica"));
            String role = primary.exportRole("export").arn();
            plan.put("name", PLAN).put("account", RdsDouble.ACCOUNT).put("partition", "aws").put("region", TestBed.REGION).put("dryRun", false);
            plan.putObject("recovery").put("region", RECOVERY_REGION);
            plan.putArray("databases");
            for (int number = 0; number < DATABASES; number++) {
                String identifier = "shop-" + number;
                primary.instance(identifier).encryptedBy(number == 0 ? lost : key);
                ObjectNode database = plan.withArray("databases").addObject()
                        .put("identifier", identifier).put("kind", "instance").put("timeZone", "Europe/Berlin").put("kmsKeyArn", key.arn());
                database.putArray("times").add("02:00");
                retention(database);
                retention(database.putObject("recovery").put("kmsKeyArn", recoveryKey.arn()));
                database.putArray("shareWith").add("444455556666");
                database.putObject("export").put("bucket", "shop-exports").put("prefix", identifier).put("roleArn", role)
                        .put("kmsKeyArn", key.arn()).put("every", "day").put("replicatedTo", "shop-exports-replica");
            }
        }

        private static void retention(ObjectNode of) {
            of.putObject("retention").put("last", 3).put("daily", 7).put("weekly", 4).put("monthly", 12).put("minimum", 2);
        }

        /** What EventBridge Scheduler sends. */
        byte[] event() {
            return plan.toString().getBytes(StandardCharsets.UTF_8);
        }

        Map<String, String> environment() {
            return Map.of(
                    "AWS_LAMBDA_FUNCTION_NAME", PLAN + "-scheduler",
                    "AWS_ENDPOINT_URL", front.uri(),
                    "AWS_ENDPOINT_URL_DYNAMODB", tablesFront.uri(),
                    "BACKUP_TABLE", PLAN,
                    // That of the recovery region, which has tables of its own; only recorded windows go there.
                    "RECOVERY_TABLE", PLAN);
        }

        /**
         * That the first tick listed everything, took the snapshots that are due, asked for the lost key, and wrote down both.
         *
         * @throws IOException if not, or if it asked anything else: then nothing is measured
         */
        void checkFirstTick(String who, String answer) throws IOException {
            Map<String, Integer> calls = new TreeMap<>();
            rds.calls().forEach(call -> calls.merge(call.region() + " " + call.action(), 1, Integer::sum));
            Map<String, Integer> expected = Map.of(
                    TestBed.REGION + " DescribeDBInstances", 1, TestBed.REGION + " DescribeDBSnapshots", 1,
                    RECOVERY_REGION + " DescribeDBSnapshots", 1, TestBed.REGION + " DescribeExportTasks", 1,
                    TestBed.REGION + " DescribeAccountAttributes", 1, TestBed.REGION + " CreateDBSnapshot", DATABASES - 1,
                    TestBed.REGION + " DescribeKey", 1);
            check(who, "asks", calls, expected);
            Map<String, List<String>> items = new TreeMap<>();
            PARTITIONS.forEach(partition -> items.put(partition, tables.keys(PLAN, partition)));
            check(who, "writes", items, Map.of("lease", List.of(), "request", List.of(), "status", List.of(PLAN)));
            for (int number = 0; number < DATABASES; number++) {
                check(who, "writes a history of so many slots", tables.keys(PLAN, "history#shop-" + number).size(), 1);
            }
            check(who, "answers", answer, "{\"tick\":\"done\"}");
        }

        /** That later ticks copied what the first one had taken. */
        void checkCopies(String who) throws IOException {
            List<String> copies = new ArrayList<>();
            recovery.snapshots().forEach(copy -> copies.add(copy.identifier()));
            check(who, "copies", copies, primary.snapshots().stream().map(snapshot -> snapshot.identifier()).collect(Collectors.toList()));
        }

        private static void check(String who, String does, Object is, Object expected) throws IOException {
            if (!is.equals(expected)) {
                throw new IOException(who + " " + does + " " + is + ", not " + expected);
            }
        }

        @Override
        public void close() {
            front.close();
            tablesFront.close();
            tables.close();
            rds.close();
        }
    }
}
