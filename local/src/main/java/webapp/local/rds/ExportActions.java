package webapp.local.rds;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Exports to S3: API_StartExportTask.html, API_DescribeExportTasks.html, API_CancelExportTask.html of
 * <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartExportTask.html">the API reference</a>; limits, the layout of
 * the objects and the causes of failures, of
 * <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html">Exporting DB snapshot data to Amazon S3</a>.
 * ExportTaskLimitReachedFault is on neither page; users report it.
 */
final class ExportActions {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> STATUSES = Set.of("canceled", "canceling", "complete", "failed", "in_progress", "starting");
    private static final Pattern ONLY = Pattern.compile("[^.\\s,]+([.][^.\\s,]+){0,2}");
    private static final int PERCENT = 100;

    private final RdsDouble rds;

    ExportActions(RdsDouble rds) {
        this.rds = rds;
    }

    void start(RdsRegion region, Parameters in, Xml out) {
        String identifier = in.required("ExportTaskIdentifier");
        Identifiers.checked("ExportTaskIdentifier", identifier, Identifiers.EXPORT_LENGTH);
        String sourceArn = in.required("SourceArn");
        String bucketName = in.required("S3BucketName");
        String roleArn = in.required("IamRoleArn");
        String keyGiven = in.required("KmsKeyId");
        String prefix = in.get("S3Prefix");
        List<String> only = in.list("ExportOnly");
        if (region.exports.containsKey(identifier)) {
            throw Refusal.of("ExportTaskAlreadyExists", "The export task " + identifier + " already exists.");
        }
        if (prefix != null && prefix.contains(":")) {
            throw Refusal.invalidValue("The S3 prefix " + prefix + " must not contain a colon.");
        }
        Arn arn = Arn.parse(sourceArn, null);
        if (arn == null) {
            throw Refusal.invalidValue("Invalid resource name: " + sourceArn);
        }
        ExportTask task = arn.type().equals("cluster")
                ? ofCluster(region, arn, identifier, sourceArn, bucketName, prefix, roleArn, keyGiven, only)
                : ofSnapshot(region, arn, identifier, sourceArn, bucketName, prefix, roleArn, keyGiven, only);
        region.exports.put(identifier, task);
        Fault effect = rds.effect();
        rds.after(effect != null && effect.takes != null ? effect.takes : rds.duration(Work.EXPORT_START), () -> extract(task, effect));
        task.describe(out);
    }

    private ExportTask ofSnapshot(RdsRegion region, Arn arn, String identifier, String sourceArn, String bucket, String prefix,
            String roleArn, String key, List<String> only) {
        Kind kind = arn.type().equals(Kind.CLUSTER.snapshotType) ? Kind.CLUSTER : Kind.INSTANCE;
        Snapshot source = arn.type().equals(kind.snapshotType) && arn.region().equals(region.name())
                && arn.account().equals(region.account()) ? region.snapshots(kind).get(arn.identifier()) : null;
        if (source == null) {
            throw SnapshotActions.notFound(kind, sourceArn);
        }
        if (!source.status.equals("available")) {
            throw sourceState("The snapshot " + sourceArn + " is " + source.status + ", not available.");
        }
        refuseRunning(region, sourceArn);
        if (!rds.isUsable(source.keyArn)) {
            throw keyRefusal(source.keyArn);
        }
        source.data.holders++;
        try {
            return task(region, identifier, sourceArn, "SNAPSHOT", source.original, bucket, prefix, roleArn, key, only,
                    source.data.backup, source.data::release);
        } catch (Refusal e) {
            source.data.release();
            throw e;
        }
    }

    private ExportTask ofCluster(RdsRegion region, Arn arn, String identifier, String sourceArn, String bucket, String prefix,
            String roleArn, String key, List<String> only) {
        Database cluster = rds.findDatabase(region, Kind.CLUSTER, arn.identifier());
        if (cluster == null) {
            throw Refusal.of(Kind.CLUSTER.databaseNotFound, "DBCluster " + arn.identifier() + " not found.");
        }
        if (!cluster.currentStatus().equals("available")) {
            throw sourceState("The cluster " + arn.identifier() + " is " + cluster.currentStatus() + ", not available.");
        }
        refuseRunning(region, sourceArn);
        Data.Backup backup = cluster.data.backup();
        return task(region, identifier, sourceArn, "CLUSTER", rds.now(), bucket, prefix, roleArn, key, only, backup, backup::delete);
    }

    private ExportTask task(RdsRegion region, String identifier, String sourceArn, String sourceType, Instant dataAt, String bucketName,
            String prefix, String roleArn, String keyGiven, List<String> only, Data.Backup data, Runnable release) {
        Bucket bucket = rds.buckets.get(bucketName);
        if (bucket == null || !bucket.region.name().equals(region.name()) || bucket.denied) {
            throw Refusal.of("InvalidS3BucketFault", "The specified S3 bucket name " + bucketName
                    + " can't be found, is in another region, or Amazon RDS isn't authorized to access it.");
        }
        ExportRole role = rds.roles.get(roleArn);
        if (role == null) {
            throw Refusal.of("IamRoleNotFound", "The IAM role " + roleArn + " is missing for exporting to an Amazon S3 bucket.");
        }
        if (role.isDenied()) {
            throw Refusal.of("IamRoleMissingPermissions", "The IAM role " + roleArn
                    + " requires additional permissions to export to an Amazon S3 bucket.");
        }
        KmsKey key = rds.key(region, keyGiven);
        if (key == null || !key.isUsable()) {
            throw keyRefusal(keyGiven);
        }
        for (String name : only) {
            if (!ONLY.matcher(name).matches()) {
                throw Refusal.of("InvalidExportOnly", "The export of " + name + " is not valid; expected database or database.table.");
            }
        }
        long running = region.exports.values().stream().filter(ExportTask::isRunning).count();
        if (running >= region.exportsInProgress) {
            throw Refusal.of("ExportTaskLimitReachedFault",
                    "You have reached the limit of " + region.exportsInProgress + " concurrent export tasks");
        }
        return new ExportTask(identifier, sourceArn, sourceType, dataAt, bucket, prefix, role, key.arn(), only, data, release);
    }

    private static void refuseRunning(RdsRegion region, String sourceArn) {
        region.exports.values().stream().filter(task -> task.isRunning() && task.sourceArn.equals(sourceArn)).findFirst()
                .ifPresent(task -> {
                    throw sourceState("The export task " + task.identifier + " of " + sourceArn + " is in progress.");
                });
    }

    private static Refusal sourceState(String message) {
        return Refusal.of("InvalidExportSourceState", message);
    }

    private static Refusal keyRefusal(String key) {
        return Refusal.of("KMSKeyNotAccessibleFault", "The KMS key [" + key
                + "] does not exist, is not enabled or you do not have permissions to access it.");
    }

    private void extract(ExportTask task, Fault effect) {
        if (!task.status.equals("STARTING")) {
            return;
        }
        task.status = "IN_PROGRESS";
        task.started = rds.now();
        rds.after(rds.duration(Work.EXPORT), () -> finish(task, effect));
    }

    private void finish(ExportTask task, Fault effect) {
        if (!task.status.equals("IN_PROGRESS")) {
            return;
        }
        task.failureCause = failureCause(task, effect);
        if (task.failureCause != null) {
            task.end("FAILED", rds.now());
            return;
        }
        String base = (task.prefix == null || task.prefix.isEmpty() ? "" : task.prefix + "/") + task.identifier + "/";
        task.warning = effect == null ? null : effect.warning;
        task.skipped = effect == null ? List.of() : effect.skipped;
        Map<String, byte[]> objects = task.data.export(task.only);
        long bytes = 0;
        for (Map.Entry<String, byte[]> object : objects.entrySet()) {
            if (task.skipped.stream().noneMatch(table -> object.getKey().contains("/" + table + "/"))) {
                task.bucket.store(base + object.getKey(), object.getValue(), task.keyArn);
                bytes += object.getValue().length;
            }
        }
        task.progress = PERCENT;
        task.extractedGiB = (int) Math.ceilDiv(bytes, 1L << 30);
        task.end("COMPLETE", rds.now());
        task.bucket.store(base + "export_info_" + task.identifier + ".json", info(task), task.keyArn);
    }

    private String failureCause(ExportTask task, Fault effect) {
        if (effect != null && effect.failureCause != null) {
            return effect.failureCause;
        }
        if (task.bucket.denied) {
            return "The RDS export failed to write the export task's metadata to the S3 bucket " + task.bucket.name + " using the IAM role "
                    + task.role.arn() + " with the KMS key " + task.keyArn + ". Error code: AccessDenied";
        }
        if (task.role.isDenied()) {
            return "The RDS export failed to write the export task's metadata because it can't assume the IAM role "
                    + task.role.arn() + ".";
        }
        return rds.isUsable(task.keyArn) ? null
                : "The RDS export failed because the KMS key " + task.keyArn + " can't be accessed.";
    }

    private static byte[] info(ExportTask task) {
        ObjectNode info = JSON.createObjectNode().put("exportTaskIdentifier", task.identifier).put("sourceArn", task.sourceArn)
                .put("s3Bucket", task.bucket.name).put("s3Prefix", task.prefix).put("iamRoleArn", task.role.arn())
                .put("kmsKeyId", task.keyArn).put("status", task.status).put("percentProgress", task.progress)
                .put("warningMessage", task.warning);
        task.only.forEach(info.withArray("exportOnly")::add);
        return info.toString().getBytes(UTF_8);
    }

    void describe(RdsRegion region, Parameters in, Xml out) {
        String wanted = in.get("ExportTaskIdentifier");
        String source = in.get("SourceArn");
        String type = in.get("SourceType");
        if (type != null && !type.equals("SNAPSHOT") && !type.equals("CLUSTER")) {
            throw Refusal.invalidValue("Invalid SourceType " + type + ". Must be SNAPSHOT or CLUSTER");
        }
        Predicate<ExportTask> filter = filter(in);
        List<ExportTask> found = region.exports.values().stream()
                .filter(task -> wanted == null || task.identifier.equals(wanted))
                .filter(task -> source == null || task.sourceArn.equals(source))
                .filter(task -> type == null || task.sourceType.equals(type))
                .filter(filter).toList();
        if (found.isEmpty() && wanted != null) {
            throw notFound(wanted);
        }
        Page.write(out, in, "ExportTasks", found, task -> task.identifier, (task, xml) -> {
            xml.open("ExportTask");
            task.describe(xml);
            xml.close("ExportTask");
        });
    }

    private static Predicate<ExportTask> filter(Parameters in) {
        Predicate<ExportTask> all = task -> true;
        for (Map.Entry<String, List<String>> filter : in.filters().entrySet()) {
            List<String> values = filter.getValue();
            switch (filter.getKey()) {
                case "export-task-identifier" -> all = all.and(task -> values.contains(task.identifier));
                case "s3-bucket" -> all = all.and(task -> values.contains(task.bucket.name));
                case "source-arn" -> all = all.and(task -> values.contains(task.sourceArn));
                case "status" -> {
                    values.stream().filter(value -> !STATUSES.contains(value)).findFirst().ifPresent(value -> {
                        throw Refusal.invalidValue("Invalid status: " + value + ". Must be one of " + STATUSES.stream().sorted().toList());
                    });
                    all = all.and(task -> values.contains(task.status.toLowerCase(Locale.ROOT)));
                }
                default -> throw Refusal.invalidValue("Unrecognized filter name: " + filter.getKey());
            }
        }
        return all;
    }

    void cancel(RdsRegion region, Parameters in, Xml out) {
        String identifier = in.required("ExportTaskIdentifier");
        ExportTask task = region.exports.get(identifier);
        if (task == null) {
            throw notFound(identifier);
        }
        if (!task.isRunning() || task.status.equals("CANCELING")) {
            throw Refusal.of("InvalidExportTaskStateFault", "The export task " + identifier + " is " + task.status
                    + "; it can't be canceled.");
        }
        task.status = "CANCELING";
        rds.after(rds.duration(Work.EXPORT_CANCEL), () -> task.end("CANCELED", rds.now()));
        task.describe(out);
    }

    private static Refusal notFound(String identifier) {
        return Refusal.of("ExportTaskNotFound", "The export task " + identifier + " doesn't exist.");
    }
}
