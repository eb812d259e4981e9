package webapp.local.rds;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Snapshots of instances and clusters: create, describe, copy, delete, share. Refusals are those of each action's page in
 * <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html">the API reference</a>; the rules of copies,
 * those of <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html">Copying a DB snapshot</a>. The pages
 * give no texts; those of the quotas, the missing key, the missing option group and reserved tags are as users have reported them.
 */
final class SnapshotActions {
    private static final Set<String> TYPES = Set.of("automated", "manual", "shared", "public", "awsbackup");
    private static final Set<String> CLUSTER_STATES = Set.of("available", "backing-up");
    private static final int SHARED_WITH_MOST = 20;

    private final RdsDouble rds;

    SnapshotActions(RdsDouble rds) {
        this.rds = rds;
    }

    /** API_CreateDBSnapshot.html, API_CreateDBClusterSnapshot.html. */
    void create(Kind kind, RdsRegion region, Parameters in, Xml out) {
        String identifier = newIdentifier(kind, in.required(kind.snapshotIdentifier));
        String databaseIdentifier = in.required(kind.databaseIdentifier).toLowerCase(Locale.ROOT);
        Map<String, String> tags = Tags.checked(in.tags("Tags"));
        Database database = rds.findDatabase(region, kind, databaseIdentifier);
        if (database == null) {
            throw Refusal.of(kind.databaseNotFound, kind.database + " " + databaseIdentifier + " not found.");
        }
        refuseExisting(kind, region, identifier);
        String status = database.currentStatus();
        if (!(status.equals("available") || kind == Kind.CLUSTER && CLUSTER_STATES.contains(status))) {
            throw Refusal.of(kind.databaseState, "Cannot create a snapshot because the database is not currently in the available state: "
                    + databaseIdentifier + " is " + status + ".");
        }
        refuseAboveQuota(kind, region);
        Snapshot snapshot = begin(database, identifier, rds.effect());
        snapshot.tags.putAll(database.copyTagsToSnapshot && tags.isEmpty() ? withoutReserved(database.tags) : tags);
        snapshot.describe(out);
    }

    /** Of DeleteDBInstance and DeleteDBCluster. */
    void finalSnapshot(Database database, String given) {
        String identifier = newIdentifier(database.kind, given);
        refuseExisting(database.kind, database.region, identifier);
        refuseAboveQuota(database.kind, database.region);
        Snapshot snapshot = begin(database, identifier, null);
        snapshot.tags.putAll(database.copyTagsToSnapshot ? withoutReserved(database.tags) : Map.of());
    }

    private Snapshot begin(Database database, String identifier, Fault effect) {
        Snapshot snapshot = newSnapshot(database, identifier);
        database.region.snapshots(database.kind).put(identifier, snapshot);
        database.snapshotsRunning++;
        rds.after(takes(effect, Work.SNAPSHOT), () -> {
            database.snapshotsRunning--;
            finish(snapshot, effect);
        });
        return snapshot;
    }

    Snapshot newSnapshot(Database database, String identifier) {
        Snapshot snapshot = new Snapshot(database.region, database.kind, identifier);
        snapshot.database = database.identifier;
        snapshot.resourceId = database.resourceId;
        snapshot.databaseCreated = database.created;
        snapshot.keyArn = database.keyArn;
        snapshot.engine = database.engine;
        snapshot.engineVersion = database.engineVersion;
        snapshot.optionGroup = database.optionGroup;
        snapshot.masterUsername = database.masterUsername;
        snapshot.port = database.port;
        snapshot.allocatedGiB = database.allocatedGiB;
        snapshot.iamAuthentication = database.iamAuthentication;
        snapshot.data = new Snapshot.Shared(database.data.backup());
        return snapshot;
    }

    private void finish(Snapshot snapshot, Fault effect) {
        if (!snapshot.isRunning()) {
            return;
        }
        boolean failed = effect != null && effect.failureCause != null || !rds.isUsable(snapshot.keyArn);
        snapshot.status = failed ? "failed" : "available";
        snapshot.progress = failed ? snapshot.progress : 100;
    }

    /** API_DescribeDBSnapshots.html, API_DescribeDBClusterSnapshots.html. */
    void describe(Kind kind, RdsRegion region, Parameters in, Xml out) {
        String type = in.get("SnapshotType");
        if (type != null && !TYPES.contains(type)) {
            throw Refusal.invalidValue("Invalid snapshot type: " + type + ". Must be one of " + TYPES.stream().sorted().toList());
        }
        String wanted = in.get(kind.snapshotIdentifier);
        Predicate<Snapshot> filter = filter(kind, in);
        String database = in.get(kind.databaseIdentifier);
        String resource = in.get(kind == Kind.INSTANCE ? "DbiResourceId" : "DbClusterResourceId");
        TreeMap<String, Snapshot> candidates = new TreeMap<>();
        if (type == null || type.equals("manual") || type.equals("automated")) {
            candidates.putAll(region.snapshots(kind));
        }
        boolean shared = "shared".equals(type) || in.isTrue("IncludeShared");
        boolean everybodys = "public".equals(type) || in.isTrue("IncludePublic");
        if (shared || everybodys || wanted != null && wanted.startsWith("arn:")) {
            rds.otherAccounts(region).forEach(other -> other.snapshots(kind).values().forEach(snapshot -> {
                boolean byArn = snapshot.arn().equals(wanted) && snapshot.isVisibleTo(region.account());
                if (byArn || shared && snapshot.shared.contains(region.account()) || everybodys && snapshot.shared.contains("all")) {
                    candidates.put(snapshot.arn(), snapshot);
                }
            }));
        }
        List<Snapshot> found = candidates.values().stream()
                .filter(s -> wanted == null || s.identifier.equalsIgnoreCase(wanted) || s.arn().equals(wanted))
                .filter(s -> database == null || s.database.equalsIgnoreCase(database))
                .filter(s -> resource == null || s.resourceId.equals(resource))
                .filter(s -> type == null || type.equals("shared") || type.equals("public") || s.type.equals(type))
                .filter(filter).toList();
        if (found.isEmpty() && wanted != null) {
            throw notFound(kind, wanted);
        }
        Page.write(out, in, kind.snapshot + "s", found, s -> s.region == region ? s.identifier : s.arn(), Snapshot::describe);
    }

    private static Predicate<Snapshot> filter(Kind kind, Parameters in) {
        Predicate<Snapshot> all = snapshot -> true;
        for (Map.Entry<String, List<String>> filter : in.filters().entrySet()) {
            List<String> values = filter.getValue();
            String instance = kind == Kind.INSTANCE ? "db-instance-id" : "db-cluster-id";
            String own = kind == Kind.INSTANCE ? "db-snapshot-id" : "db-cluster-snapshot-id";
            String name = filter.getKey();
            if (name.equals(instance)) {
                all = all.and(s -> values.contains(s.database) || values.contains(s.region.arn(kind.databaseType, s.database)));
            } else if (name.equals(own)) {
                all = all.and(s -> values.contains(s.identifier));
            } else if (name.equals("dbi-resource-id") && kind == Kind.INSTANCE) {
                all = all.and(s -> values.contains(s.resourceId));
            } else if (name.equals("snapshot-type")) {
                all = all.and(s -> values.contains(s.type));
            } else if (name.equals("engine")) {
                all = all.and(s -> values.contains(s.engine));
            } else {
                throw Refusal.invalidValue("Unrecognized filter name: " + name);
            }
        }
        return all;
    }

    /**
     * API_CopyDBSnapshot.html, API_CopyDBClusterSnapshot.html: called in the region of the copy. Snapshots of Multi-AZ DB clusters are not copied
     * (multi-az-db-clusters-concepts.Limitations.html); by which code RDS refuses them no page says.
     */
    void copy(Kind kind, RdsRegion region, Parameters in, Xml out) {
        String given = in.required("Source" + kind.snapshotIdentifier);
        String identifier = newIdentifier(kind, in.required("Target" + kind.snapshotIdentifier));
        Map<String, String> tags = Tags.checked(in.tags("Tags"));
        Snapshot source = source(kind, region, given);
        if (!source.status.equals("available")) {
            throw Refusal.of(kind.snapshotState, "The source snapshot " + given + " is " + source.status + ", not available.");
        }
        if (kind == Kind.CLUSTER && !source.engine.startsWith("aurora")) {
            throw Refusal.invalidCombination("Copying a snapshot of a Multi-AZ DB cluster isn't supported.");
        }
        refuseExisting(kind, region, identifier);
        boolean crossRegion = !source.region.name().equals(region.name());
        String keyArn = keyOfCopy(region, in.get("KmsKeyId"), source, crossRegion);
        String optionGroup = kind == Kind.INSTANCE ? optionGroupOfCopy(region, in, source, crossRegion) : null;
        refuseAboveQuota(kind, region);
        if (crossRegion && rds.copiesInProgress(region) >= region.copiesInProgress) {
            throw Refusal.of("SnapshotQuotaExceeded", "Cannot copy more than " + region.copiesInProgress + " snapshots across regions");
        }

        Snapshot copy = new Snapshot(region, kind, identifier);
        copy.source = source;
        copy.sourceArn = source.arn();
        copy.sourceRegion = crossRegion ? source.region.name() : null;
        copy.crossRegion = crossRegion;
        copy.database = source.database;
        copy.resourceId = source.resourceId;
        copy.original = source.original;
        copy.databaseCreated = source.databaseCreated;
        copy.keyArn = keyArn;
        copy.engine = source.engine;
        copy.engineVersion = source.engineVersion;
        copy.optionGroup = optionGroup;
        copy.masterUsername = source.masterUsername;
        copy.port = source.port;
        copy.allocatedGiB = source.allocatedGiB;
        copy.iamAuthentication = source.iamAuthentication;
        copy.status = "copying";
        copy.data = source.data;
        copy.data.holders++;
        copy.tags.putAll(tags.isEmpty() && in.isTrue("CopyTags") ? withoutReserved(source.tags) : tags);
        region.snapshots(kind).put(identifier, copy);
        source.copiesRunning.add(copy);

        Fault effect = rds.effect();
        copy.run = () -> begin(copy, effect);
        Deque<Snapshot> queue = region.copyQueues.computeIfAbsent(copy.resourceId, id -> new ArrayDeque<>());
        queue.add(copy);
        if (queue.size() == 1) {
            copy.run.run();
        }
        copy.describe(out);
    }

    private void begin(Snapshot copy, Fault effect) {
        String whyFull = whyFull(copy.source, copy);
        copy.incremental = whyFull.isEmpty();
        rds.copied(new SnapshotCopy(rds.now(), copy.database, copy.sourceArn, copy.arn(), copy.incremental, whyFull));
        rds.after(takes(effect, copy.incremental ? Work.INCREMENTAL_COPY : Work.FULL_COPY), () -> finishCopy(copy, effect));
    }

    private Snapshot source(Kind kind, RdsRegion region, String given) {
        Snapshot source;
        if (given.startsWith("arn:")) {
            Arn arn = Arn.parse(given, kind.snapshotType);
            RdsRegion from = arn == null ? null : rds.existingRegion(arn.account(), arn.region());
            if (from != null && from.isOut()) {
                throw Refusal.of("ServiceUnavailable", "The source region " + from.name() + " does not answer.");
            }
            source = from == null ? null : from.snapshots(kind).get(arn.identifier());
            source = source != null && source.isVisibleTo(region.account()) ? source : null;
        } else {
            source = region.snapshots(kind).get(given.toLowerCase(Locale.ROOT));
        }
        if (source == null) {
            throw notFound(kind, given);
        }
        return source;
    }

    private String keyOfCopy(RdsRegion region, String given, Snapshot source, boolean crossRegion) {
        if (!rds.isUsable(source.keyArn)) {
            throw Refusal.of("KMSKeyNotAccessibleFault", "The source snapshot KMS key [" + source.keyArn
                    + "] does not exist, is not enabled or you do not have permissions to access it.");
        }
        if (given == null) {
            if (crossRegion && source.keyArn != null) {
                throw Refusal.invalidValue("Must specify new KMS key for cross region encrypted snapshot copy.");
            }
            if (source.keyArn != null && !source.region.account().equals(region.account())) {
                throw targetKey(null);
            }
            return source.keyArn;
        }
        if (source.kind == Kind.CLUSTER && source.keyArn == null) {
            // The page has neither code nor text: "an error is returned".
            throw Refusal.invalidCombination("KmsKeyId must not be specified: the DB cluster snapshot " + source.identifier + " is not encrypted.");
        }
        KmsKey key = rds.key(region, given);
        if (key == null || !key.isUsable()) {
            throw targetKey(given);
        }
        return key.arn();
    }

    private static Refusal targetKey(String given) {
        return Refusal.of("KMSKeyNotAccessibleFault", "The target KMS key [" + given
                + "] does not exist, is not enabled or you do not have permissions to access it.");
    }

    private static String optionGroupOfCopy(RdsRegion region, Parameters in, Snapshot source, boolean crossRegion) {
        String given = in.get("OptionGroupName");
        if (given == null) {
            if (crossRegion && source.optionGroup != null) {
                throw Refusal.invalidValue("The snapshot requires a target option group with the following options: ["
                        + source.optionGroup + "]");
            }
            return source.optionGroup;
        }
        if (given.startsWith("default:")) {
            return null;
        }
        if (!region.optionGroups.contains(given)) {
            throw Refusal.of("OptionGroupNotFoundFault", "Specified OptionGroupName: " + given + " not found.");
        }
        return given;
    }

    /** "" when RDS would send only what changed since the newest copy there. */
    private static String whyFull(Snapshot source, Snapshot copy) {
        if (copy.kind == Kind.CLUSTER) {
            return "Aurora copies no snapshot incrementally";
        }
        if (source.isCopy()) {
            return "the source is a copy itself";
        }
        if (!copy.crossRegion) {
            return Objects.equals(copy.keyArn, source.keyArn) ? "" : "the copy has another key";
        }
        List<Snapshot> there = copy.region.snapshots(copy.kind).values().stream()
                .filter(s -> s != copy && s.crossRegion && s.resourceId.equals(copy.resourceId) && !s.status.equals("failed")).toList();
        if (there.isEmpty()) {
            return "no copy of this database is there";
        }
        String newest = copy.region.newestCopies.get(copy.resourceId);
        if (there.stream().noneMatch(s -> s.identifier.equals(newest))) {
            return "the newest copy there was deleted";
        }
        boolean oneKey = there.stream().allMatch(s -> Objects.equals(s.keyArn, copy.keyArn));
        return oneKey ? "" : "a copy there has another key";
    }

    private void finishCopy(Snapshot copy, Fault effect) {
        if (copy.region.snapshots(copy.kind).get(copy.identifier) != copy || !copy.isRunning()) {
            return;
        }
        if (copy.source.region.isOut()) {
            copy.source.region.whenBack(() -> finishCopy(copy, effect));
            return;
        }
        endCopy(copy, effect != null && effect.failureCause != null || !rds.isUsable(copy.keyArn)
                || !rds.isUsable(copy.source.keyArn) ? "failed" : "available");
    }

    /** Ends a copy and lets the next one of the same database begin. */
    private void endCopy(Snapshot copy, String status) {
        copy.status = status;
        copy.source.copiesRunning.remove(copy);
        if (status.equals("available")) {
            copy.progress = 100;
            copy.created = rds.now();
            if (copy.crossRegion) {
                copy.region.newestCopies.put(copy.resourceId, copy.identifier);
            }
        }
        Deque<Snapshot> queue = copy.region.copyQueues.get(copy.resourceId);
        boolean ran = queue.peek() == copy;
        queue.remove(copy);
        if (ran && !queue.isEmpty()) {
            queue.peek().run.run();
        }
        if (queue.isEmpty()) {
            copy.region.copyQueues.remove(copy.resourceId);
        }
    }

    /** API_DeleteDBSnapshot.html, API_DeleteDBClusterSnapshot.html: deleting a copy in progress ends it, deleting its source fails it. */
    void delete(Kind kind, RdsRegion region, Parameters in, Xml out) {
        String identifier = in.required(kind.snapshotIdentifier).toLowerCase(Locale.ROOT);
        Snapshot snapshot = own(kind, region, identifier);
        if (snapshot.type.equals("automated")) {
            throw Refusal.of(kind.snapshotState, "Only manual snapshots may be deleted: " + identifier + " is automated.");
        }
        if (snapshot.status.equals("creating")) {
            throw Refusal.of(kind.snapshotState, "Cannot delete the snapshot because it is not currently in the available state: "
                    + identifier + " is creating.");
        }
        remove(snapshot);
        snapshot.status = "deleted";
        snapshot.describe(out);
    }

    void remove(Snapshot snapshot) {
        if (snapshot.status.equals("copying")) {
            endCopy(snapshot, "failed");
        }
        List.copyOf(snapshot.copiesRunning).forEach(copy -> endCopy(copy, "failed"));
        snapshot.region.snapshots(snapshot.kind).remove(snapshot.identifier, snapshot);
        snapshot.data.release();
    }

    /** API_ModifyDBSnapshotAttribute.html, API_ModifyDBClusterSnapshotAttribute.html. */
    void modifyAttribute(Kind kind, RdsRegion region, Parameters in, Xml out) {
        Snapshot snapshot = own(kind, region, in.required(kind.snapshotIdentifier).toLowerCase(Locale.ROOT));
        String attribute = in.required("AttributeName");
        List<String> added = in.list("ValuesToAdd");
        List<String> removed = in.list("ValuesToRemove");
        if (!attribute.equals("restore")) {
            throw Refusal.invalidValue("Invalid attribute name: " + attribute + ". Must be restore.");
        }
        if (added.isEmpty() && removed.isEmpty()) {
            throw Refusal.invalidCombination("Either ValuesToAdd or ValuesToRemove is required.");
        }
        for (String account : added) {
            if (!account.matches("\\d{12}|all")) {
                throw Refusal.invalidValue("Invalid account ID: " + account + ". Must be twelve digits or all.");
            }
        }
        if (snapshot.type.equals("automated")) {
            throw Refusal.of(kind.snapshotState, "Automated snapshots cannot be shared: " + snapshot.identifier + ".");
        }
        if (!snapshot.status.equals("available")) {
            throw Refusal.of(kind.snapshotState, "Cannot share " + snapshot.identifier + ": it is " + snapshot.status + ", not available.");
        }
        if (added.contains("all") && snapshot.keyArn != null) {
            throw Refusal.invalidCombination("An encrypted snapshot cannot be made public.");
        }
        if (rds.isManagedByAws(snapshot.keyArn) && !added.isEmpty()) {
            throw Refusal.invalidCombination("A snapshot encrypted by the default KMS key aws/rds cannot be shared.");
        }
        TreeMap<String, Boolean> accounts = new TreeMap<>();
        snapshot.shared.forEach(account -> accounts.put(account, true));
        added.forEach(account -> accounts.put(account, true));
        removed.forEach(accounts::remove);
        if (accounts.keySet().stream().filter(account -> !account.equals("all")).count() > SHARED_WITH_MOST) {
            throw Refusal.of("SharedSnapshotQuotaExceeded", "A manual snapshot can be shared with up to 20 accounts.");
        }
        snapshot.shared.clear();
        snapshot.shared.addAll(accounts.keySet());
        writeAttributes(snapshot, out);
    }

    /** API_DescribeDBSnapshotAttributes.html, API_DescribeDBClusterSnapshotAttributes.html. */
    void describeAttributes(Kind kind, RdsRegion region, Parameters in, Xml out) {
        writeAttributes(own(kind, region, in.required(kind.snapshotIdentifier).toLowerCase(Locale.ROOT)), out);
    }

    private static void writeAttributes(Snapshot snapshot, Xml out) {
        String name = snapshot.kind.snapshot;
        out.open(name + "AttributesResult").add(name + "Identifier", snapshot.identifier).open(name + "Attributes")
                .open(name + "Attribute").add("AttributeName", "restore").open("AttributeValues");
        snapshot.shared.forEach(account -> out.add("AttributeValue", account));
        out.close("AttributeValues").close(name + "Attribute").close(name + "Attributes").close(name + "AttributesResult");
    }

    Snapshot own(Kind kind, RdsRegion region, String identifier) {
        Snapshot snapshot = region.snapshots(kind).get(identifier);
        if (snapshot == null) {
            throw notFound(kind, identifier);
        }
        return snapshot;
    }

    static Refusal notFound(Kind kind, String identifier) {
        return Refusal.of(kind.snapshotNotFound, kind.snapshot + " " + identifier + " not found.");
    }

    private static void refuseExisting(Kind kind, RdsRegion region, String identifier) {
        if (region.snapshots(kind).containsKey(identifier)) {
            throw Refusal.of(kind.snapshotExists, "Cannot create the snapshot because a snapshot with the identifier " + identifier
                    + " already exists.");
        }
    }

    private static void refuseAboveQuota(Kind kind, RdsRegion region) {
        if (manual(kind, region) >= region.manualSnapshots) {
            throw Refusal.of("SnapshotQuotaExceeded", "Cannot create more than " + region.manualSnapshots + " manual snapshots");
        }
    }

    static long manual(Kind kind, RdsRegion region) {
        return region.snapshots(kind).values().stream().filter(s -> s.type.equals("manual")).count();
    }

    private static String newIdentifier(Kind kind, String given) {
        return Identifiers.checked(kind.snapshotIdentifier, given, Identifiers.SNAPSHOT_LENGTH);
    }

    private Duration takes(Fault effect, Work work) {
        return effect != null && effect.takes != null ? effect.takes : rds.duration(work);
    }

    private static Map<String, String> withoutReserved(Map<String, String> tags) {
        Map<String, String> kept = new TreeMap<>(tags);
        kept.keySet().removeIf(key -> key.startsWith("aws:"));
        return kept;
    }
}
