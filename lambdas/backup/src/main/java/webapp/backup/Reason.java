package webapp.backup;

/** Why a backup needs a person. Each has an alarm of its own, and a heading in docs/runbooks/backup.md. */
enum Reason {
    KMS_KEY("kms-key", "Enable the key or cancel its deletion, and let the role of this function and RDS (kms:ViaService) use it; of an unencrypted cluster, see the message."),
    SNAPSHOT_QUOTA("snapshot-quota", "Delete manual snapshots that nobody needs, or ask Service Quotas for more manual snapshots in the region."),
    DATABASE_MISSING("database-missing", "Correct the database's identifier and kind in the module's input, or take it out: its snapshots stay."),
    NAME_TAKEN("name-taken", "Rename or delete the snapshot or export that has the name without having this plan's tags."),
    SNAPSHOT_FAILED("snapshot-failed", "Read the database's RDS events; then ask for a backup from the backup page or wait for the next slot."),
    COPY_FAILED("copy-failed", "Read the RDS events of the copy's region; the next slot's copy is tried by itself. Of a Multi-AZ DB cluster, see the message."),
    OPTION_GROUP("option-group", "Create the option group in the copy's region with the database's options, and name it in recovery.option_group_name."),
    EXPORT_ROLE("export-role", "Let export.rds.amazonaws.com assume the export's role, and the role write to the bucket."),
    EXPORT_BUCKET("export-bucket", "Let the bucket's policy admit the export's role, and the role write to the bucket under its key; the bucket has to be in the database's region."),
    EXPORT_FAILED("export-failed", "Read the failure's cause; the next slot that is due is exported by itself."),
    EXPORT_SKIPPED_TABLES("export-skipped-tables", "Read the warning: the named tables are not in the export. Their data is in the snapshot."),
    EXPORT_REPLICATION("export-replication", "Repair the bucket's replication (role, both keys), then run S3 Batch Replication for what it missed."),
    PERMISSION("permission", "Give the function's role the action that the message names, on the resource that it names."),
    WINDOWS("windows", "Read the log of the windows function; a drill cannot compare a snapshot without recorded windows."),
    DRILL("drill", "Read the drill's findings on the backup page."),
    OTHER("other", "Read the message and the function's log.");

    final String text;
    final String remedy;

    Reason(String text, String remedy) {
        this.text = text;
        this.remedy = remedy;
    }
}
