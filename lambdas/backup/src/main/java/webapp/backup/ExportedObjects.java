package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
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
    private String operation = "s3:";

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

    /** @return the permission that was needed at last, and of which bucket */
    String operation() {
        return operation;
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html">Replication status</a> */
    Finding look(String prefix, Instant now) {
        Iterator<S3Object> objects = list(s3, export.bucket(), prefix);
        if (!objects.hasNext()) {
            return new Finding(Reason.EXPORT_FAILED, "the export is complete, but there is nothing in s3://" + export.bucket() + "/" + prefix);
        }
        if (export.replicatedTo() == null) {
            return new Finding(null, null);
        }
        S3Object missing = missing(objects, prefix);
        if (missing == null) {
            return new Finding(null, null);
        }
        operation = "s3:GetObject of " + export.bucket();
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

    /**
     * Both listings side by side, a page of each at a time: of a large export neither fits into memory.
     *
     * @return the first that is not in the other bucket, null if all are
     * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html">Keys are listed in the same order everywhere</a>
     */
    private S3Object missing(Iterator<S3Object> objects, String prefix) {
        Iterator<S3Object> replicas = list(replica.get(), export.replicatedTo(), prefix);
        while (more(objects, export.bucket())) {
            S3Object object = objects.next();
            S3Object other = null;
            while ((other == null || !other.key().equals(object.key())) && more(replicas, export.replicatedTo())) {
                other = replicas.next();
            }
            if (other == null || !other.key().equals(object.key()) || !other.size().equals(object.size())) {
                return object;
            }
        }
        return null;
    }

    /** Asks for the first page. */
    private Iterator<S3Object> list(S3Client client, String bucket, String prefix) {
        operation = "s3:ListBucket of " + bucket;
        return client.listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix)).contents().iterator();
    }

    /** Asks for the next page where one has come to its end. */
    private boolean more(Iterator<S3Object> listed, String bucket) {
        operation = "s3:ListBucket of " + bucket;
        return listed.hasNext();
    }
}
