package webapp.local.rds;

/** What RDS calls the same things of an instance and of a cluster. */
enum Kind {
    INSTANCE("DBInstance", "DBSnapshot", "DBSnapshotIdentifier", "db", "snapshot", "DBInstanceNotFound", "DBInstanceAlreadyExists",
            "InvalidDBInstanceState", "DBSnapshotNotFound", "DBSnapshotAlreadyExists", "InvalidDBSnapshotState", "ManualSnapshots"),
    CLUSTER("DBCluster", "DBClusterSnapshot", "DBClusterSnapshotIdentifier", "cluster", "cluster-snapshot", "DBClusterNotFoundFault",
            "DBClusterAlreadyExistsFault", "InvalidDBClusterStateFault", "DBClusterSnapshotNotFoundFault",
            "DBClusterSnapshotAlreadyExistsFault", "InvalidDBClusterSnapshotStateFault", "ManualClusterSnapshots");

    final String database;
    final String databaseIdentifier;
    final String snapshot;
    final String snapshotIdentifier;
    /** The resource type of ARNs. */
    final String databaseType;
    final String snapshotType;
    final String databaseNotFound;
    final String databaseExists;
    final String databaseState;
    final String snapshotNotFound;
    final String snapshotExists;
    final String snapshotState;
    final String quota;

    Kind(String database, String snapshot, String snapshotIdentifier, String databaseType, String snapshotType, String databaseNotFound,
            String databaseExists, String databaseState, String snapshotNotFound, String snapshotExists, String snapshotState,
            String quota) {
        this.database = database;
        this.databaseIdentifier = database + "Identifier";
        this.snapshot = snapshot;
        this.snapshotIdentifier = snapshotIdentifier;
        this.databaseType = databaseType;
        this.snapshotType = snapshotType;
        this.databaseNotFound = databaseNotFound;
        this.databaseExists = databaseExists;
        this.databaseState = databaseState;
        this.snapshotNotFound = snapshotNotFound;
        this.snapshotExists = snapshotExists;
        this.snapshotState = snapshotState;
        this.quota = quota;
    }
}
