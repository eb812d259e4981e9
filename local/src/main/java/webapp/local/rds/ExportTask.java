package webapp.local.rds;

import java.time.Instant;
import java.util.List;

/** An export of a snapshot, or of a cluster, to S3; its identifier is used up for ever. */
final class ExportTask {
    final String identifier;
    final String sourceArn;
    final String sourceType;
    final Instant dataAt;
    final Bucket bucket;
    final String prefix;
    final ExportRole role;
    final String keyArn;
    final List<String> only;
    final Data.Backup data;
    final Runnable release;
    String status = "STARTING";
    Instant started;
    Instant ended;
    String failureCause;
    String warning;
    List<String> skipped = List.of();
    int progress;
    int extractedGiB;

    ExportTask(String identifier, String sourceArn, String sourceType, Instant dataAt, Bucket bucket, String prefix, ExportRole role,
            String keyArn, List<String> only, Data.Backup data, Runnable release) {
        this.identifier = identifier;
        this.sourceArn = sourceArn;
        this.sourceType = sourceType;
        this.dataAt = dataAt;
        this.bucket = bucket;
        this.prefix = prefix;
        this.role = role;
        this.keyArn = keyArn;
        this.only = only;
        this.data = data;
        this.release = release;
    }

    boolean isRunning() {
        return status.equals("STARTING") || status.equals("IN_PROGRESS") || status.equals("CANCELING");
    }

    void end(String newStatus, Instant at) {
        status = newStatus;
        ended = at;
        release.run();
    }

    void describe(Xml xml) {
        xml.add("ExportTaskIdentifier", identifier).add("SourceArn", sourceArn).add("SourceType", sourceType).add("SnapshotTime", dataAt)
                .add("TaskStartTime", started).add("TaskEndTime", ended).add("S3Bucket", bucket.name).add("S3Prefix", prefix)
                .add("IamRoleArn", role.arn()).add("KmsKeyId", keyArn).add("Status", status).add("PercentProgress", progress)
                .add("TotalExtractedDataInGB", extractedGiB).add("FailureCause", failureCause).add("WarningMessage", warning);
        if (!only.isEmpty()) {
            xml.open("ExportOnly");
            only.forEach(name -> xml.add("member", name));
            xml.close("ExportOnly");
        }
    }
}
