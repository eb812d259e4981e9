package webapp.backup.restore;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;
import software.amazon.awssdk.services.rds.model.DbClusterNotFoundException;
import software.amazon.awssdk.services.rds.model.DbClusterSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.DbSnapshotNotFoundException;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/**
 * Prints the commands that restore a chosen snapshot, each argument filled in, from what RDS knows of the snapshot and of the database it was made
 * of. It only reads; the person decides.
 */
public final class RestoreSteps {
    private static final String HOLD = "backup:hold";

    private final Function<String, RdsClient> clients;
    private final PrintStream out;

    RestoreSteps(Function<String, RdsClient> clients, PrintStream out) {
        this.clients = clients;
        this.out = out;
    }

    /** Ends with 0, with 2 if the arguments are wrong, with 1 if the snapshot cannot be restored or read. */
    public static void main(String[] arguments) {
        RestoreSteps steps = new RestoreSteps(
                region -> RdsClient.builder().region(Region.of(region)).httpClientBuilder(UrlConnectionHttpClient.builder()).build(), System.out);
        System.exit(steps.run(System.err, arguments));
    }

    int run(PrintStream errors, String... arguments) {
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (IllegalArgumentException e) {
            errors.println(e.getMessage());
            errors.println(Options.USAGE);
            return 2;
        }
        try {
            print(options);
            return 0;
        } catch (IllegalStateException e) {
            errors.println(e.getMessage());
        } catch (SdkException e) {
            errors.println("cannot read the snapshot " + options.get("snapshot") + " in " + options.get("region") + ": " + e.getMessage());
        }
        return 1;
    }

    private void print(Options options) {
        RdsClient rds = clients.apply(options.get("region"));
        DBSnapshot snapshot = snapshot(rds, options.get("snapshot"));
        if (snapshot != null) {
            requireAvailable(snapshot.dbSnapshotIdentifier(), snapshot.status());
            instanceSteps(options, snapshot, original(rds, snapshot.dbInstanceIdentifier()));
            return;
        }
        DBClusterSnapshot ofCluster = clusterSnapshot(rds, options.get("snapshot"));
        if (ofCluster == null) {
            throw new IllegalStateException("there is no snapshot " + options.get("snapshot") + " of an instance or a cluster in " + options.get("region")
                    + ": aws rds describe-db-snapshots --region " + options.get("region") + " lists those of instances");
        }
        requireAvailable(ofCluster.dbClusterSnapshotIdentifier(), ofCluster.status());
        clusterSteps(options, ofCluster, originalCluster(rds, ofCluster.dbClusterIdentifier()), rds);
    }

    private static void requireAvailable(String identifier, String status) {
        if (!"available".equals(status)) {
            throw new IllegalStateException("the snapshot " + identifier + " is " + status + ": choose an available one");
        }
    }

    // Instances.

    private void instanceSteps(Options options, DBSnapshot snapshot, DBInstance original) {
        Target target = new Target(options, snapshot.dbSnapshotIdentifier(), snapshot.dbSnapshotArn());
        DBInstance model = target.elsewhere() ? null : original;
        describe(snapshot.dbSnapshotIdentifier(), "instance " + snapshot.dbInstanceIdentifier(), snapshot.engine() + " " + snapshot.engineVersion(),
                snapshot.originalSnapshotCreateTime() == null ? snapshot.snapshotCreateTime() : snapshot.originalSnapshotCreateTime(), snapshot.kmsKeyId(),
                model != null);
        hold(target);
        String optionGroup = chosen(options, "option-group", model == null ? null : model.optionGroupMemberships().get(0).optionGroupName());
        if (target.elsewhere()) {
            step("Copy it to " + target.region + ", under a key of that region. The first copy of a database is a full one.",
                    Command.rds("copy-db-snapshot", target.region)
                            .with("source-db-snapshot-identifier", snapshot.dbSnapshotArn())
                            .with("target-db-snapshot-identifier", target.snapshot)
                            .with("source-region", options.get("region"))
                            .with("kms-key-id", options.get("kms-key"))
                            .with("option-group-name", optionGroup)
                            .flag("copy-tags", false),
                    Command.rds("wait db-snapshot-available", target.region).with("db-snapshot-identifier", target.snapshot));
        }
        step("Restore it. What is not said RDS chooses by itself, such as its default, open security group.",
                Command.rds("restore-db-instance-from-db-snapshot", target.region)
                        .with("db-instance-identifier", options.get("identifier"))
                        .with("db-snapshot-identifier", target.snapshot)
                        .with("db-instance-class", required(options, "class", model == null ? null : model.dbInstanceClass()))
                        .with("db-subnet-group-name", required(options, "subnet-group", model == null ? null : model.dbSubnetGroup().dbSubnetGroupName()))
                        .with("vpc-security-group-ids", securityGroups(options, model == null ? null : model.vpcSecurityGroups()))
                        .with("db-parameter-group-name", chosen(options, "parameter-group",
                                model == null ? null : model.dbParameterGroups().get(0).dbParameterGroupName()))
                        .with("option-group-name", optionGroup)
                        .with("port", String.valueOf(snapshot.port()))
                        .with("storage-type", snapshot.storageType())
                        .flag("publicly-accessible", false)
                        .flag("multi-az", model != null && Boolean.TRUE.equals(model.multiAZ()))
                        .flag("enable-iam-database-authentication")
                        .flag("deletion-protection")
                        .flag("copy-tags-to-snapshot"),
                Command.rds("wait db-instance-available", target.region).with("db-instance-identifier", options.get("identifier")));
        step("Its address, and its resource id, which rds-db:connect permissions name.",
                Command.rds("describe-db-instances", target.region).with("db-instance-identifier", options.get("identifier"))
                        .with("query", "DBInstances[0].[Endpoint.Address,Endpoint.Port,DbiResourceId,DBInstanceStatus]"));
        login(target, snapshot.masterUsername());
        if (model != null) {
            step("Only now, and only if the application is to go on with the restored data: give it the original's name. Both restart; nobody is connected meanwhile."
                            + " (If Terraform made the original, docs/runbooks/database.md, Restoring, instead.)",
                    Command.rds("modify-db-instance", target.region).with("db-instance-identifier", snapshot.dbInstanceIdentifier())
                            .with("new-db-instance-identifier", snapshot.dbInstanceIdentifier() + "-before-restore").flag("apply-immediately"),
                    Command.rds("wait db-instance-available", target.region)
                            .with("db-instance-identifier", snapshot.dbInstanceIdentifier() + "-before-restore"),
                    Command.rds("modify-db-instance", target.region).with("db-instance-identifier", options.get("identifier"))
                            .with("new-db-instance-identifier", snapshot.dbInstanceIdentifier()).flag("apply-immediately"));
        }
        release(target);
    }

    // Clusters.

    private void clusterSteps(Options options, DBClusterSnapshot snapshot, DBCluster original, RdsClient rds) {
        Target target = new Target(options, snapshot.dbClusterSnapshotIdentifier(), snapshot.dbClusterSnapshotArn());
        DBCluster model = target.elsewhere() ? null : original;
        DBInstance writer = model == null ? null : model.dbClusterMembers().stream().filter(DBClusterMember::isClusterWriter)
                .map(member -> original(rds, member.dbInstanceIdentifier())).findFirst().orElse(null);
        describe(snapshot.dbClusterSnapshotIdentifier(), "cluster " + snapshot.dbClusterIdentifier(), snapshot.engine() + " " + snapshot.engineVersion(),
                snapshot.snapshotCreateTime(), snapshot.kmsKeyId(), model != null);
        hold(target);
        if (target.elsewhere()) {
            step("Copy it to " + target.region + ", under a key of that region. Copies of clusters are always full.",
                    Command.rds("copy-db-cluster-snapshot", target.region)
                            .with("source-db-cluster-snapshot-identifier", snapshot.dbClusterSnapshotArn())
                            .with("target-db-cluster-snapshot-identifier", target.snapshot)
                            .with("source-region", options.get("region"))
                            .with("kms-key-id", options.get("kms-key"))
                            .flag("copy-tags", false),
                    Command.rds("wait db-cluster-snapshot-available", target.region).with("db-cluster-snapshot-identifier", target.snapshot));
        }
        step("Restore the cluster, which is storage only at first.",
                Command.rds("restore-db-cluster-from-snapshot", target.region)
                        .with("db-cluster-identifier", options.get("identifier"))
                        .with("snapshot-identifier", target.snapshot)
                        .with("engine", snapshot.engine())
                        .with("engine-version", snapshot.engineVersion())
                        .with("db-subnet-group-name", required(options, "subnet-group", model == null ? null : model.dbSubnetGroup()))
                        .with("vpc-security-group-ids", securityGroups(options, model == null ? null : model.vpcSecurityGroups()))
                        .with("db-cluster-parameter-group-name",
                                chosen(options, "cluster-parameter-group", model == null ? null : model.dbClusterParameterGroup()))
                        .with("port", String.valueOf(snapshot.port()))
                        .flag("enable-iam-database-authentication")
                        .flag("deletion-protection")
                        .flag("copy-tags-to-snapshot"),
                Command.rds("wait db-cluster-available", target.region).with("db-cluster-identifier", options.get("identifier")));
        step("Give it an instance.",
                Command.rds("create-db-instance", target.region)
                        .with("db-instance-identifier", options.get("identifier") + "-1")
                        .with("db-cluster-identifier", options.get("identifier"))
                        .with("engine", snapshot.engine())
                        .with("db-instance-class", required(options, "class", writer == null ? null : writer.dbInstanceClass()))
                        .with("db-parameter-group-name", chosen(options, "parameter-group",
                                writer == null ? null : writer.dbParameterGroups().get(0).dbParameterGroupName()))
                        .flag("publicly-accessible", false),
                Command.rds("wait db-instance-available", target.region).with("db-instance-identifier", options.get("identifier") + "-1"));
        step("Its address, and its resource id, which rds-db:connect permissions name.",
                Command.rds("describe-db-clusters", target.region).with("db-cluster-identifier", options.get("identifier"))
                        .with("query", "DBClusters[0].[Endpoint,Port,DbClusterResourceId,Status]"));
        login(target, snapshot.masterUsername());
        release(target);
    }

    // What both have.

    /** Where it is restored, and from which snapshot there. */
    private static final class Target {
        private final String sourceRegion;
        private final String sourceArn;
        private final String region;
        private final String snapshot;

        private Target(Options options, String snapshot, String arn) {
            this.sourceRegion = options.get("region");
            this.sourceArn = arn;
            this.region = options.get("to-region") == null ? sourceRegion : options.get("to-region");
            // RDS's own snapshots have a colon in their name, which no copy may have.
            this.snapshot = elsewhere() ? snapshot.replace("rds:", "rds-") : snapshot;
        }

        private boolean elsewhere() {
            return !region.equals(sourceRegion);
        }
    }

    private int number;

    private void describe(String identifier, String of, String engine, Object taken, String key, boolean originalKnown) {
        number = 0;
        out.println("# Snapshot " + identifier + " of " + of + " (" + engine + "), data of " + taken + ", "
                + (key == null ? "not encrypted" : "encrypted under " + key) + ".");
        out.println(originalKnown
                ? "# Class, network and groups are those of the original, which is still there; options of this command change them."
                : "# The original is not there to ask: groups that are not given are RDS's defaults.");
    }

    private void hold(Target target) {
        step("Nobody deletes it while you restore it. (Snapshots of RDS's own, rds:..., cannot be held; copy them if time is short.)",
                Command.rds("add-tags-to-resource", target.sourceRegion).with("resource-name", target.sourceArn)
                        .with("tags", "Key=" + HOLD + ",Value=restore"));
    }

    private void release(Target target) {
        step("When all is well, let the snapshot go its way again.",
                Command.rds("remove-tags-from-resource", target.sourceRegion).with("resource-name", target.sourceArn).with("tag-keys", HOLD));
    }

    private void login(Target target, String master) {
        step("Log in from inside the VPC and look, before anybody else does; PASSWORD is the master's of the time of the snapshot.",
                "mysql --host=HOST --port=PORT --user=" + master + " --password --ssl-mode=VERIFY_IDENTITY --ssl-ca=" + target.region + "-bundle.pem"
                        + "   # https://truststore.pki.rds.amazonaws.com/" + target.region + "/" + target.region + "-bundle.pem");
    }

    private void step(String what, Object... commands) {
        out.println();
        out.println("# " + ++number + ". " + what);
        for (Object command : commands) {
            out.println(command);
        }
    }

    private static String chosen(Options options, String name, String original) {
        return options.get(name) == null ? original : options.get(name);
    }

    private static String required(Options options, String name, String original) {
        String value = chosen(options, name, original);
        if (value == null) {
            throw new IllegalStateException("--" + name + " is missing: the original is not there to ask");
        }
        return value;
    }

    private static List<String> securityGroups(Options options, List<VpcSecurityGroupMembership> original) {
        List<String> groups = new ArrayList<>(options.securityGroups());
        if (groups.isEmpty() && original != null) {
            original.forEach(group -> groups.add(group.vpcSecurityGroupId()));
        }
        if (groups.isEmpty()) {
            throw new IllegalStateException("--security-groups is missing: the original is not there to ask");
        }
        return groups;
    }

    private static DBSnapshot snapshot(RdsClient rds, String identifier) {
        try {
            return rds.describeDBSnapshots(describe -> describe.dbSnapshotIdentifier(identifier)).dbSnapshots().stream().findFirst().orElse(null);
        } catch (DbSnapshotNotFoundException e) {
            return null;
        }
    }

    private static DBClusterSnapshot clusterSnapshot(RdsClient rds, String identifier) {
        try {
            return rds.describeDBClusterSnapshots(describe -> describe.dbClusterSnapshotIdentifier(identifier)).dbClusterSnapshots().stream()
                    .findFirst().orElse(null);
        } catch (DbClusterSnapshotNotFoundException e) {
            return null;
        }
    }

    private static DBInstance original(RdsClient rds, String identifier) {
        try {
            return rds.describeDBInstances(describe -> describe.dbInstanceIdentifier(identifier)).dbInstances().stream().findFirst().orElse(null);
        } catch (DbInstanceNotFoundException e) {
            return null;
        }
    }

    private static DBCluster originalCluster(RdsClient rds, String identifier) {
        try {
            return rds.describeDBClusters(describe -> describe.dbClusterIdentifier(identifier)).dbClusters().stream().findFirst().orElse(null);
        } catch (DbClusterNotFoundException e) {
            return null;
        }
    }
}
