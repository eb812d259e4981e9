package webapp.local.rds;

import java.time.Instant;

/**
 * A copy whose turn came; copies of one database into one region wait for each other.
 *
 * @param incremental whether RDS would transfer only what changed since the newest copy there
 * @param why         what made it a full copy; "" for an incremental one
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html">Incremental snapshot copying</a>
 */
public record SnapshotCopy(Instant at, String database, String sourceArn, String targetArn, boolean incremental, String why) {}
