package webapp.local.rds;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** DB instances and clusters: describe, restore, create in a cluster, delete; each as its page of the API reference says. */
final class DatabaseActions {
    /** In which an instance is deleted without a final snapshot only (API_DeleteDBInstance.html). */
    private static final Set<String> BROKEN =
            Set.of("failed", "incompatible-restore", "incompatible-network", "inaccessible-encryption-credentials");

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

    /** API_RestoreDBInstanceFromDBSnapshot.html. */
    void restoreInstance(RdsRegion region, Parameters in, Xml out) {
        String identifier = newIdentifier(Kind.INSTANCE, region, in);
        Map<String, String> tags = Tags.checked(in.tags("Tags"));
        if (in.has("DBClusterSnapshotIdentifier") == in.has("DBSnapshotIdentifier")) {
            throw Refusal.invalidCombination("Specify either DBSnapshotIdentifier or DBClusterSnapshotIdentifier.");
        }
        if (in.has("DBClusterSnapshotIdentifier")) {
            throw Refusal.of("DBClusterSnapshotNotFoundFault", "The double restores no snapshots of Multi-AZ DB clusters.");
        }
        Snapshot source = source(Kind.INSTANCE, region, in.required("DBSnapshotIdentifier"), "InvalidDBSnapshotState");
        if (in.has("DBName") && (source.engine.equals("mysql") || source.engine.equals("mariadb"))) {
            throw Refusal.invalidValue("DBName can't be specified for the engine " + source.engine + ".");
        }
        String instanceClass = in.get("DBInstanceClass", "db.t4g.medium");
        refuseClass(instanceClass);
        refuseUnknownGroup(region.subnetGroups, in.get("DBSubnetGroupName"), "default", "DBSubnetGroupNotFoundFault", "DBSubnetGroup");
        refuseUnknownGroup(region.parameterGroups, in.get("DBParameterGroupName"), "default.", "DBParameterGroupNotFound",
                "DBParameterGroup");
        refuseUnknownGroup(region.optionGroups, in.get("OptionGroupName"), "default:", "OptionGroupNotFoundFault", "OptionGroup");
        List<String> securityGroups = securityGroups(in);
        refuseAboveInstanceQuota(region);

        Database made = restored(region, Kind.INSTANCE, identifier, source, in);
        made.instanceClass = instanceClass;
        made.parameterGroup = in.get("DBParameterGroupName");
        String optionGroup = in.get("OptionGroupName", source.optionGroup);
        made.optionGroup = optionGroup == null || optionGroup.startsWith("default:") ? null : optionGroup;
        made.multiAz = in.isTrue("MultiAZ");
        made.securityGroups.addAll(securityGroups);
        made.tags.putAll(tags);
        describe(made, out);
    }

    /** API_RestoreDBClusterFromSnapshot.html. */
    void restoreCluster(RdsRegion region, Parameters in, Xml out) {
        String identifier = newIdentifier(Kind.CLUSTER, region, in);
        Map<String, String> tags = Tags.checked(in.tags("Tags"));
        String engine = in.required("Engine");
        Snapshot source = source(Kind.CLUSTER, region, in.required("SnapshotIdentifier"), "InvalidDBClusterSnapshotStateFault");
        if (!engine.equals(source.engine)) {
            throw Refusal.invalidCombination("The engine " + engine + " can't restore a snapshot of " + source.engine + ".");
        }
        refuseUnknownGroup(region.subnetGroups, in.get("DBSubnetGroupName"), "default", "DBSubnetGroupNotFoundFault", "DBSubnetGroup");
        refuseUnknownGroup(region.clusterParameterGroups, in.get("DBClusterParameterGroupName"), "default.",
                "DBClusterParameterGroupNotFound", "DBClusterParameterGroup");
        refuseUnknownGroup(region.optionGroups, in.get("OptionGroupName"), "default:", "OptionGroupNotFoundFault", "OptionGroup");
        List<String> securityGroups = securityGroups(in);
        String keyGiven = in.get("KmsKeyId");
        KmsKey key = keyGiven == null ? null : rds.key(region, keyGiven);
        if (keyGiven != null && (key == null || !key.isUsable())) {
            throw keyRefusal(keyGiven);
        }
        if (region.databases(Kind.CLUSTER).size() >= region.clusters) {
            throw Refusal.of("DBClusterQuotaExceededFault", "Cannot create more than " + region.clusters + " DB clusters.");
        }

        Database made = restored(region, Kind.CLUSTER, identifier, source, in);
        made.keyArn = key == null ? source.keyArn : key.arn();
        made.parameterGroup = in.get("DBClusterParameterGroupName");
        made.securityGroups.addAll(securityGroups);
        made.tags.putAll(tags);
        describe(made, out);
    }

    private static String newIdentifier(Kind kind, RdsRegion region, Parameters in) {
        String identifier = Identifiers.checked(kind.databaseIdentifier, in.required(kind.databaseIdentifier),
                Identifiers.DATABASE_LENGTH);
        if (region.databases(kind).containsKey(identifier)) {
            throw Refusal.of(kind.databaseExists, kind.database + " already exists: " + identifier);
        }
        return identifier;
    }

    private Snapshot source(Kind kind, RdsRegion region, String given, String stateCode) {
        Arn arn = Arn.parse(given, kind.snapshotType);
        RdsRegion from = arn == null ? region : arn.region().equals(region.name()) ? rds.existingRegion(arn.account(), arn.region()) : null;
        String identifier = arn == null ? given.toLowerCase(Locale.ROOT) : arn.identifier();
        Snapshot source = from == null ? null : from.snapshots(kind).get(identifier);
        if (source == null || !source.isVisibleTo(region.account())) {
            throw SnapshotActions.notFound(kind, given);
        }
        if (!source.status.equals("available")) {
            throw Refusal.of(stateCode, "The snapshot " + given + " is " + source.status + ", not available.");
        }
        if (source.region != region && source.keyArn != null) {
            throw Refusal.invalidValue("A shared snapshot that is encrypted must be copied before it is restored: " + given);
        }
        if (!rds.isUsable(source.keyArn)) {
            throw keyRefusal(source.keyArn);
        }
        return source;
    }

    private static Refusal keyRefusal(String key) {
        return Refusal.of("KMSKeyNotAccessibleFault", "The specified KMS key [" + key
                + "] does not exist, is not enabled or you do not have permissions to access it.");
    }

    private static void refuseClass(String instanceClass) {
        if (!instanceClass.startsWith("db.")) {
            throw Refusal.invalidValue("Invalid DB Instance class: " + instanceClass);
        }
    }

    private static void refuseUnknownGroup(Set<String> known, String given, String defaults, String code, String what) {
        if (given != null && !known.contains(given) && !given.startsWith(defaults)) {
            throw Refusal.of(code, what + " not found: " + given);
        }
    }

    private static List<String> securityGroups(Parameters in) {
        List<String> groups = in.list("VpcSecurityGroupIds");
        for (String group : groups) {
            if (!group.startsWith("sg-")) {
                throw Refusal.invalidValue("Invalid security group , groupId= " + group + ", groupName=.");
            }
        }
        return groups;
    }

    private static void refuseAboveInstanceQuota(RdsRegion region) {
        if (region.databases(Kind.INSTANCE).size() >= region.instances) {
            throw Refusal.of("InstanceQuotaExceeded", "DB Instance quota exceeded: " + region.instances);
        }
    }

    private Database restored(RdsRegion region, Kind kind, String identifier, Snapshot source, Parameters in) {
        Database made = region.newDatabase(kind, identifier);
        made.status = "creating";
        made.engine = source.engine;
        made.engineVersion = in.get("EngineVersion", source.engineVersion);
        made.masterUsername = source.masterUsername;
        made.keyArn = source.keyArn;
        made.port = Integer.parseInt(in.get("Port", Integer.toString(source.port)));
        made.allocatedGiB = source.allocatedGiB;
        made.retentionDays = Integer.parseInt(in.get("BackupRetentionPeriod", "7"));
        made.iamAuthentication = in.isTrue("EnableIAMDatabaseAuthentication");
        made.publiclyAccessible = in.isTrue("PubliclyAccessible");
        made.deletionProtection = in.isTrue("DeletionProtection");
        made.copyTagsToSnapshot = in.isTrue("CopyTagsToSnapshot");
        made.subnetGroup = in.get("DBSubnetGroupName");
        made.data = Data.NONE;
        region.databases(kind).put(identifier, made);
        source.data.holders++;
        Fault effect = rds.effect();
        rds.after(effect != null && effect.takes != null ? effect.takes : rds.duration(Work.RESTORE), () -> {
            if (region.databases(kind).get(identifier) == made && made.status.equals("creating")) {
                if (effect != null && effect.failureCause != null) {
                    made.status = effect.failureCause.startsWith("incompatible-") ? effect.failureCause : "incompatible-restore";
                } else {
                    made.status = "failed";
                    made.data = source.data.backup.restore(identifier);
                    made.status = "available";
                }
            }
            source.data.release();
        });
        return made;
    }

    /** API_CreateDBInstance.html, of an instance in a cluster. */
    void createInstance(RdsRegion region, Parameters in, Xml out) {
        String identifier = newIdentifier(Kind.INSTANCE, region, in);
        Map<String, String> tags = Tags.checked(in.tags("Tags"));
        String instanceClass = in.required("DBInstanceClass");
        String engine = in.required("Engine");
        refuseClass(instanceClass);
        String clusterName = in.get("DBClusterIdentifier");
        if (clusterName == null) {
            throw Refusal.invalidCombination("The double creates instances in a cluster only; a test makes others by RdsRegion.instance.");
        }
        Database cluster = region.databases(Kind.CLUSTER).get(clusterName.toLowerCase(Locale.ROOT));
        if (cluster == null) {
            throw Refusal.of("DBClusterNotFoundFault", "DBCluster " + clusterName + " not found.");
        }
        if (!cluster.currentStatus().equals("available")) {
            throw Refusal.of("InvalidDBClusterStateFault", "DB cluster " + clusterName + " is " + cluster.currentStatus()
                    + ", not available.");
        }
        if (!cluster.engine.equals(engine)) {
            throw Refusal.invalidCombination("The engine name requested for your DB instance (" + engine
                    + ") doesn't match the engine name of your DB cluster (" + cluster.engine + ").");
        }
        refuseUnknownGroup(region.parameterGroups, in.get("DBParameterGroupName"), "default.", "DBParameterGroupNotFound",
                "DBParameterGroup");
        refuseAboveInstanceQuota(region);
        Database made = region.newDatabase(Kind.INSTANCE, identifier);
        made.status = "creating";
        made.engine = engine;
        made.engineVersion = cluster.engineVersion;
        made.instanceClass = instanceClass;
        made.cluster = cluster.identifier;
        made.keyArn = cluster.keyArn;
        made.masterUsername = cluster.masterUsername;
        made.port = cluster.port;
        made.iamAuthentication = cluster.iamAuthentication;
        made.publiclyAccessible = in.isTrue("PubliclyAccessible");
        made.parameterGroup = in.get("DBParameterGroupName");
        made.subnetGroup = cluster.subnetGroup;
        made.securityGroups.addAll(cluster.securityGroups);
        made.tags.putAll(tags);
        made.data = cluster.data;
        region.databases(Kind.INSTANCE).put(identifier, made);
        Fault effect = rds.effect();
        rds.after(effect != null && effect.takes != null ? effect.takes : rds.duration(Work.RESTORE), () -> {
            if (made.status.equals("creating")) {
                made.status = effect != null && effect.failureCause != null ? "failed" : "available";
            }
        });
        describe(made, out);
    }

    /** API_DeleteDBInstance.html, API_DeleteDBCluster.html. An instance that is being created can be deleted. */
    void delete(Kind kind, RdsRegion region, Parameters in, Xml out) {
        String identifier = in.required(kind.databaseIdentifier).toLowerCase(Locale.ROOT);
        Database database = region.databases(kind).get(identifier);
        if (database == null) {
            throw Refusal.of(kind.databaseNotFound, kind.database + " " + identifier + " not found.");
        }
        String status = database.currentStatus();
        boolean member = database.cluster != null;
        String last = in.get("FinalDBSnapshotIdentifier");
        boolean skip = in.isTrue("SkipFinalSnapshot");
        if (status.equals("deleting")) {
            throw Refusal.of(kind.databaseState, kind.database + " " + identifier + " is already being deleted.");
        }
        if (database.deletionProtection) {
            throw Refusal.invalidCombination("Cannot delete protected " + (kind == Kind.INSTANCE ? "DB Instance" : "Cluster")
                    + ", please disable deletion protection and try again.");
        }
        if (skip && last != null) {
            throw Refusal.invalidCombination("FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true.");
        }
        if (!skip && last == null && !member) {
            throw Refusal.invalidCombination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
        }
        if (member && last != null) {
            throw Refusal.invalidCombination("FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance.");
        }
        if (kind == Kind.CLUSTER && members(database).anyMatch(m -> !m.status.equals("deleting"))) {
            throw Refusal.of(kind.databaseState, "Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
        }
        if (last != null) {
            if (BROKEN.contains(status) || status.equals("creating")) {
                throw Refusal.of(kind.databaseState, kind.database + " " + identifier + " is " + status
                        + "; it can be deleted without a final snapshot only.");
            }
            rds.snapshotActions.finalSnapshot(database, last);
        }
        database.status = "deleting";
        rds.after(rds.duration(Work.DELETE), () -> {
            if (region.databases(kind).remove(identifier, database) && !member) {
                region.snapshots(kind).values().stream().filter(s -> s.type.equals("automated") && s.resourceId.equals(database.resourceId))
                        .toList().forEach(rds.snapshotActions::remove);
                database.data.delete();
            }
        });
        describe(database, out);
    }

    private static Stream<Database> members(Database cluster) {
        return cluster.region.databases(Kind.INSTANCE).values().stream().filter(d -> cluster.identifier.equals(d.cluster));
    }

    /** API_DescribeAccountAttributes.html: the quotas the double keeps. */
    void describeQuotas(RdsRegion region, Xml out) {
        out.open("AccountQuotas");
        quota(out, "DBInstances", region.databases(Kind.INSTANCE).size(), region.instances);
        quota(out, "DBClusters", region.databases(Kind.CLUSTER).size(), region.clusters);
        for (Kind kind : Kind.values()) {
            quota(out, kind.quota, SnapshotActions.manual(kind, region), region.manualSnapshots);
        }
        out.close("AccountQuotas");
    }

    private static void quota(Xml out, String name, long used, long most) {
        out.open("AccountQuota").add("AccountQuotaName", name).add("Used", used).add("Max", most).close("AccountQuota");
    }

    static void describe(Database database, Xml xml) {
        Data.Endpoint endpoint = database.data.endpoint();
        String status = database.currentStatus();
        boolean reachable = !status.equals("creating") && !status.equals("failed") && !status.startsWith("incompatible");
        String address = endpoint != null ? endpoint.address()
                : database.identifier + ".double." + database.region.name() + ".rds.amazonaws.com";
        int port = endpoint != null ? endpoint.port() : database.port;
        String parameterGroup = database.parameterGroup == null ? "default." + database.engine : database.parameterGroup;
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
                    .add("DBParameterGroupName", parameterGroup)
                    .add("ParameterApplyStatus", "in-sync").close("DBParameterGroup").close("DBParameterGroups");
            xml.open("DBSubnetGroup").add("DBSubnetGroupName", database.subnetGroup == null ? "default" : database.subnetGroup)
                    .add("SubnetGroupStatus", "Complete").close("DBSubnetGroup");
        } else {
            xml.add("DBClusterIdentifier", database.identifier).add("Status", status).add("DatabaseName", database.databaseName)
                    .add("ClusterCreateTime", database.created).add("DBClusterArn", database.arn())
                    .add("DbClusterResourceId", database.resourceId).add("Port", port).add("EngineMode", "provisioned")
                    .add("DBClusterParameterGroup", parameterGroup)
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
