package webapp.local.rds;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A snapshot as a test sees it without a call.
 *
 * @param type       {@code manual} or {@code automated}
 * @param createdAt  SnapshotCreateTime: of a copy, when it was copied
 * @param dataAt     when the database was in this state
 * @param keyArn     null for an unencrypted one
 * @param sourceArn  what it is a copy of; null for no copy
 * @param sharedWith accounts that may restore it
 */
public record SnapshotView(String identifier, String arn, boolean cluster, String database, String type, String status, Instant createdAt,
        Instant dataAt, String keyArn, String sourceArn, boolean incremental, Map<String, String> tags, List<String> sharedWith) {}
