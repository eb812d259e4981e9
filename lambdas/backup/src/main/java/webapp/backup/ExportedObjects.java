package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ReplicationStatus;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Looks whether an export's objects are in the bucket, and in the one in the recovery region: S3 never says that replication is over. */
final class ExportedObjects {
    /** S3 promises 15 minutes where replication time control is bought, and no time otherwise. */
    private static final Duration REPLICATION_TAKES = Duration.ofHours(6);

    private final S3Client s3;
    private final Plan.Export export;
    private final Supplier<S3Client> replica;

    ExportedObjects(S3Client s3, Plan.Export export, Supplier<S3Client> replica) {
        this.s3 = s3;
        this.export = export;
        this.replica = replica;
    }

    /**
     * @param reason null unless a person has to do something
     * @param message null if everything is there
     */
    record Finding(Reason reason, String message) {}

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html">Replication status</a> */
    Finding look(String prefix, Instant now) {
        Map<String, S3Object> objects = list(s3, export.bucket(), prefix);
        if (objects.isEmpty()) {
            return new Finding(Reason.EXPORT_FAILED, "the export is complete, but there is nothing in s3://" + export.bucket() + "/" + prefix);
        }
        if (export.replicatedTo() == null) {
            return new Finding(null, null);
        }
        Map<String, S3Object> replicas = list(replica.get(), export.replicatedTo(), prefix);
        S3Object missing = objects.values().stream()
                .filter(object -> replicas.get(object.key()) == null || !replicas.get(object.key()).size().equals(object.size())).findFirst().orElse(null);
        if (missing == null) {
            return new Finding(null, null);
        }
        ReplicationStatus status = s3.headObject(head -> head.bucket(export.bucket()).key(missing.key())).replicationStatus();
        String message = "s3://" + export.bucket() + "/" + missing.key() + " is not in " + export.replicatedTo();
        if (status == null) {
            return new Finding(Reason.EXPORT_REPLICATION, message + ": no replication rule takes it");
        }
        if (status == ReplicationStatus.FAILED) {
            return new Finding(Reason.EXPORT_REPLICATION, message + ": its replication failed");
        }
        return new Finding(missing.lastModified().plus(REPLICATION_TAKES).isBefore(now) ? Reason.EXPORT_REPLICATION : null,
                message + " yet: its replication is " + status);
    }

    private static Map<String, S3Object> list(S3Client s3, String bucket, String prefix) {
        Map<String, S3Object> objects = new HashMap<>();
        s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix)).contents().forEach(object -> objects.put(object.key(), object));
        return objects;
    }
}
