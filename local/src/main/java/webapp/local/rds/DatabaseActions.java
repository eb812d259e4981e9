package webapp.local.rds;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** DB instances and clusters: describe, restore, create in a cluster, delete; each as its page of the API reference says. */
final class DatabaseActions {
    private final RdsDouble rds;

    DatabaseActions(RdsDouble rds) {
        this.rds = rds;
    }

    /** API_DescribeDBInstances.html, API_DescribeDBClusters.html. */
    void describe(Kind kind, RdsRegion region, Parameters in, Xml out) {
        String wanted = in.get(kind.databaseIdentifier);
        Predicate<Database> filter = filter(kind, in);
        List<Database> found = region.databases(kind).values().stream()
                .filter(d -> wanted == null || d.identifier.equalsIgnoreCase(wanted) || d.arn().equals(wanted))
                .filter(filter).toList();
        if (found.isEmpty() && wanted != null) {
            throw Refusal.of(kind.databaseNotFound, kind.database + " " + wanted + " not found.");
        }
        Page.write(out, in, kind.database + "s", found, d -> d.identifier, DatabaseActions::describe);
    }

    private static Predicate<Database> filter(Kind kind, Parameters in) {
        Predicate<Database> all = database -> true;
        for (Map.Entry<String, List<String>> filter : in.filters().entrySet()) {
            List<String> values = filter.getValue();
            switch (filter.getKey()) {
                case "db-cluster-id" -> all = all.and(d -> values.contains(kind == Kind.CLUSTER ? d.identifier : d.cluster)
                        || values.contains(d.region.arn("cluster", kind == Kind.CLUSTER ? d.identifier : d.cluster)));
                case "db-instance-id" -> all = all.and(d -> values.contains(d.identifier) || values.contains(d.arn()));
                case "dbi-resource-id", "db-cluster-resource-id" -> all = all.and(d -> values.contains(d.resourceId));
                case "engine" -> all = all.and(d -> values.contains(d.engine));
                default -> throw Refusal.invalidValue("Unrecognized filter name: " + filter.getKey());
            }
        }
        return all;
    }

    static void describe(Database database, Xml xml) {
        Data.Endpoint endpoint = database.data.endpoint();
        String status = database.currentStatus();
        boolean reachable = !status.equals("creating") && !status.equals("failed") && !status.startsWith("incompatible");
        String address = endpoint != null ? endpoint.address()
                : database.identifier + ".double." + database.region.name() + ".rds.amazonaws.com";
        int port = endpoint != null ? endpoint.port() : database.port;
        xml.open(database.kind.database);
        if (database.kind == Kind.INSTANCE) {
            xml.add("DBInstanceIdentifier", database.identifier).add("DBInstanceClass", database.instanceClass)
                    .add("DBInstanceStatus", status).add("DBName", database.databaseName)
                    .add("InstanceCreateTime", database.created).add("DBInstanceArn", database.arn())
                    .add("DbiResourceId", database.resourceId).add("DBClusterIdentifier", database.cluster)
                    .add("StorageType", "gp3");
            if (reachable) {
                xml.open("Endpoint").add("Address", address).add("Port", port).close("Endpoint");
            }
            xml.open("OptionGroupMemberships").open("OptionGroupMembership").add("OptionGroupName", database.optionGroupOrDefault())
                    .add("Status", "in-sync").close("OptionGroupMembership").close("OptionGroupMemberships");
            xml.open("DBParameterGroups").open("DBParameterGroup")
                    .add("DBParameterGroupName", database.parameterGroup == null ? "default." + database.engine : database.parameterGroup)
                    .add("ParameterApplyStatus", "in-sync").close("DBParameterGroup").close("DBParameterGroups");
            xml.open("DBSubnetGroup").add("DBSubnetGroupName", database.subnetGroup == null ? "default" : database.subnetGroup)
                    .add("SubnetGroupStatus", "Complete").close("DBSubnetGroup");
        } else {
            xml.add("DBClusterIdentifier", database.identifier).add("Status", status).add("DatabaseName", database.databaseName)
                    .add("ClusterCreateTime", database.created).add("DBClusterArn", database.arn())
                    .add("DbClusterResourceId", database.resourceId).add("Port", port).add("EngineMode", "provisioned")
                    .add("DBClusterParameterGroup", database.parameterGroup == null ? "default." + database.engine : database.parameterGroup)
                    .add("DBSubnetGroup", database.subnetGroup == null ? "default" : database.subnetGroup);
            if (reachable) {
                xml.add("Endpoint", address).add("ReaderEndpoint", address);
            }
            xml.open("DBClusterMembers");
            boolean writer = true;
            for (Database member : database.region.databases(Kind.INSTANCE).values()) {
                if (database.identifier.equals(member.cluster)) {
                    xml.open("DBClusterMember").add("DBInstanceIdentifier", member.identifier).add("IsClusterWriter", writer)
                            .close("DBClusterMember");
                    writer = false;
                }
            }
            xml.close("DBClusterMembers");
        }
        xml.open("VpcSecurityGroups");
        database.securityGroups.forEach(group -> xml.open("VpcSecurityGroupMembership").add("VpcSecurityGroupId", group)
                .add("Status", "active").close("VpcSecurityGroupMembership"));
        xml.close("VpcSecurityGroups");
        xml.add("Engine", database.engine).add("EngineVersion", database.engineVersion).add("MasterUsername", database.masterUsername)
                .add("AllocatedStorage", database.allocatedGiB).add("BackupRetentionPeriod", database.retentionDays)
                .add("StorageEncrypted", database.keyArn != null).add("KmsKeyId", database.keyArn)
                .add("MultiAZ", database.multiAz).add("PubliclyAccessible", database.publiclyAccessible)
                .add("IAMDatabaseAuthenticationEnabled", database.iamAuthentication)
                .add("DeletionProtection", database.deletionProtection).add("CopyTagsToSnapshot", database.copyTagsToSnapshot)
                .add("LatestRestorableTime", database.retentionDays > 0 ? database.region.now() : null);
        Tags.write(xml, database.tags);
        xml.close(database.kind.database);
    }
}
