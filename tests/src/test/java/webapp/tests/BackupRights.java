package webapp.tests;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What each statement of the roles of backups is there for; {@link BackupStackTest} gives them one by one, {@code docs/security.md} lists them. */
final class BackupRights {
    /**
     * A statement that a tick cannot go on without.
     *
     * @param function whose role has it, by key
     * @param denied what the tick says while it is missing, in its log or of the slot
     * @param without what becomes of the function without it, for the table
     */
    record Right(String function, String sid, String denied, String without) {}

    /** In the order in which a backup needs them. */
    static final List<Right> SCHEDULER = List.of(
            right("backup-scheduler", "SeeDatabases", "rds:DescribeDBInstances", "begins nothing: `rds:DescribeDBInstances` is refused"),
            right("backup-scheduler", "SeeSnapshots", "rds:DescribeDBSnapshots", "begins nothing: `rds:DescribeDBSnapshots` is refused"),
            right("backup-scheduler", "SeeExports", "rds:DescribeExportTasks", "begins no export: `rds:DescribeExportTasks` is refused"),
            right("backup-scheduler", "SeeQuota", "rds:DescribeAccountAttributes", "cannot say how near the snapshots' quota is"),
            right("backup-scheduler", "KeepState", "dynamodb:PutItem", "has no lease, sees no request, tells the page nothing, and deletes nothing"),
            right("backup-scheduler", "RecordWindowsInRecovery", "dynamodb:GetItem", "cannot keep the windows where a drill finds them"),
            right("backup-scheduler", "ReadWindows", "lambda:InvokeFunction", "takes snapshots that no drill can compare"),
            right("backup-recorder", "LogInToDatabases", "cannot log in", "cannot log in to the database: snapshots that no drill can compare"),
            right("backup-scheduler", "TakeSnapshots", "rds:CreateDBSnapshot", "takes no snapshot"),
            right("backup-scheduler", "TagNewSnapshots", "rds:AddTagsToResource", "takes no snapshot: its tags are refused"),
            right("backup-scheduler", "CopySnapshots", "rds:CopyDBSnapshot", "copies nothing into the recovery region"),
            right("backup-scheduler", "SeeKeys", "kms-key", "copies and exports nothing: RDS may not look at the keys for it"),
            right("backup-scheduler", "LetRdsUseKeys", "kms-key", "copies and exports nothing: RDS may not use the keys for it"),
            right("backup-scheduler", "Export", "rds:StartExportTask", "exports nothing"),
            right("backup-scheduler", "GiveExportRole", "iam:PassRole", "exports nothing: the export's role is not its to give"),
            right("backup-scheduler", "ListExportedFiles", "s3:ListBucket", "cannot say whether an export is whole"),
            right("backup-scheduler", "TagOwnSnapshots", "rds:AddTagsToResource", "marks no export, and holds and releases nothing"),
            right("backup-scheduler", "DeleteOwnSnapshots", "rds:DeleteDBSnapshot", "deletes no snapshot that is no longer kept"),
            right("backup-scheduler", "ShareOwnSnapshots", "rds:DescribeDBSnapshotAttributes", "cannot end what is no longer shared"),
            right("backup-scheduler", "MarkSharedSnapshots", "rds:AddTagsToResource", "cannot mark that nothing is shared any more"));

    static final List<Right> RECOVERY = List.of(
            right("backup-recovery", "SeeSnapshots", "rds:DescribeDBSnapshots", "does nothing: `rds:DescribeDBSnapshots` is refused"),
            right("backup-recovery", "KeepState", "dynamodb:PutItem", "has no lease, sees no request, drills nothing and deletes nothing"),
            right("backup-recovery", "SeeQuota", "rds:DescribeAccountAttributes", "cannot say how near the snapshots' quota is"),
            right("backup-recovery", "SeeDrills", "rds:DescribeDBInstances", "drills nothing, and finds nothing that was left behind"),
            right("backup-recovery", "RestoreSnapshots", "rds:RestoreDBInstanceFromDBSnapshot", "restores nothing: the drill fails"),
            right("backup-recovery", "TagNewDrills", "rds:AddTagsToResource", "restores nothing: the tags of what it would restore are refused"),
            right("backup-recovery", "CheckDrills", "lambda:InvokeFunction", "cannot compare what it restored"),
            right("backup-checker", "LogInToRestoredDatabases", "drill", "cannot log in to what was restored"),
            right("backup-recovery", "TagOwnDrills", "rds:AddTagsToResource", "cannot mark what was checked"),
            right("backup-recovery", "DeleteOwnDrills", "rds:DeleteDBInstance", "leaves what it restored behind"),
            right("backup-recovery", "TagOwnSnapshots", "rds:AddTagsToResource", "holds and releases no copy"),
            right("backup-recovery", "DeleteOwnSnapshots", "rds:DeleteDBSnapshot", "deletes no copy that is no longer kept"));

    private static final String OTHERS_KEY = "works: the module's own key admits whoever of the account comes by way of RDS; a key that is given may not";
    private static final String AWS = "works here; AWS alone asks for it: ";

    /** What nothing here fails without, by function key and statement, with the reason. */
    static final Map<String, String> NOT_MISSED_HERE = new LinkedHashMap<>();

    static {
        NOT_MISSED_HERE.put("backup-scheduler SeeExportedFiles", AWS + "how the replication of a file stands that is not there yet");
        NOT_MISSED_HERE.put("backup-scheduler UseKeyOfTable", AWS + "the table is encrypted");
        NOT_MISSED_HERE.put("backup-scheduler SendFailures", AWS + "Lambda sends what failed to the queue of undelivered events");
        NOT_MISSED_HERE.put("backup-recovery SendFailures", AWS + "Lambda sends what failed to the queue of undelivered events");
        NOT_MISSED_HERE.put("backup-recovery SeeKey", OTHERS_KEY);
        NOT_MISSED_HERE.put("backup-recovery LetRdsUseKey", OTHERS_KEY);
        NOT_MISSED_HERE.put("backup-recovery DeleteOwnDrillsFinalSnapshots", AWS + "to delete a cluster it asks for the snapshot that is not made");
        NOT_MISSED_HERE.put("backups ReadEncryptedTables", AWS + "the tables are encrypted");
    }

    private BackupRights() {}

    /** @return what becomes of the function without the statement, for the table; null for what is not of a backup alone */
    static String without(String function, String sid) {
        return Stream.concat(SCHEDULER.stream(), RECOVERY.stream()).filter(right -> right.function().equals(function) && right.sid().equals(sid))
                .map(Right::without).findFirst().orElse(NOT_MISSED_HERE.get(function + " " + sid));
    }

    private static Right right(String function, String sid, String denied, String without) {
        return new Right(function, sid, denied, without);
    }
}
