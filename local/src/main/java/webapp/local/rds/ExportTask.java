package webapp.local.rds;

/** An export of a snapshot to S3. */
final class ExportTask {}
