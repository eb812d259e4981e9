package webapp.local.rds;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The error codes that the API reference lists for each action of the double, so that a test can script every one:
 * {@code DocumentedErrors.of(action).forEach(code -> rds.fault(action).fail(code))}.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Operations.html">Section "Errors" of each action</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html">Common errors</a>
 */
public final class DocumentedErrors {
    private static final Map<String, List<String>> OF_ACTIONS = Map.ofEntries(
            Map.entry("DescribeDBInstances", List.of("DBInstanceNotFound")),
            Map.entry("DescribeDBClusters", List.of("DBClusterNotFoundFault")),
            Map.entry("CreateDBSnapshot", List.of("DBInstanceNotFound", "DBSnapshotAlreadyExists", "InvalidDBInstanceState",
                    "SnapshotQuotaExceeded")),
            Map.entry("CreateDBClusterSnapshot", List.of("DBClusterNotFoundFault", "DBClusterSnapshotAlreadyExistsFault",
                    "InvalidDBClusterSnapshotStateFault", "InvalidDBClusterStateFault", "SnapshotQuotaExceeded")),
            Map.entry("DescribeDBSnapshots", List.of("DBSnapshotNotFound")),
            Map.entry("DescribeDBClusterSnapshots", List.of("DBClusterSnapshotNotFoundFault")),
            Map.entry("CopyDBSnapshot", List.of("CustomAvailabilityZoneNotFound", "DBSnapshotAlreadyExists", "DBSnapshotNotFound",
                    "InvalidDBSnapshotState", "KMSKeyNotAccessibleFault", "SnapshotQuotaExceeded")),
            Map.entry("CopyDBClusterSnapshot", List.of("DBClusterSnapshotAlreadyExistsFault", "DBClusterSnapshotNotFoundFault",
                    "InvalidDBClusterSnapshotStateFault", "InvalidDBClusterStateFault", "KMSKeyNotAccessibleFault",
                    "SnapshotQuotaExceeded")),
            Map.entry("DeleteDBSnapshot", List.of("DBSnapshotNotFound", "InvalidDBSnapshotState")),
            Map.entry("DeleteDBClusterSnapshot", List.of("DBClusterSnapshotNotFoundFault", "InvalidDBClusterSnapshotStateFault")),
            Map.entry("ModifyDBSnapshotAttribute", List.of("DBSnapshotNotFound", "InvalidDBSnapshotState", "SharedSnapshotQuotaExceeded")),
            Map.entry("ModifyDBClusterSnapshotAttribute", List.of("DBClusterSnapshotNotFoundFault", "InvalidDBClusterSnapshotStateFault",
                    "SharedSnapshotQuotaExceeded")),
            Map.entry("DescribeDBSnapshotAttributes", List.of("DBSnapshotNotFound")),
            Map.entry("DescribeDBClusterSnapshotAttributes", List.of("DBClusterSnapshotNotFoundFault")),
            Map.entry("AddTagsToResource", List.of("BlueGreenDeploymentNotFoundFault", "DBClusterNotFoundFault", "DBInstanceNotFound",
                    "DBProxyEndpointNotFoundFault", "DBProxyNotFoundFault", "DBProxyTargetGroupNotFoundFault", "DBShardGroupNotFound",
                    "DBSnapshotNotFound", "DBSnapshotTenantDatabaseNotFoundFault", "IntegrationNotFoundFault",
                    "InvalidDBClusterEndpointStateFault", "InvalidDBClusterStateFault", "InvalidDBInstanceState",
                    "TenantDatabaseNotFound")),
            Map.entry("RemoveTagsFromResource", List.of("BlueGreenDeploymentNotFoundFault", "DBClusterNotFoundFault",
                    "DBInstanceNotFound", "DBProxyEndpointNotFoundFault", "DBProxyNotFoundFault", "DBProxyTargetGroupNotFoundFault",
                    "DBShardGroupNotFound", "DBSnapshotNotFound", "DBSnapshotTenantDatabaseNotFoundFault", "IntegrationNotFoundFault",
                    "InvalidDBClusterEndpointStateFault", "InvalidDBClusterStateFault", "InvalidDBInstanceState",
                    "TenantDatabaseNotFound")),
            Map.entry("ListTagsForResource", List.of("BlueGreenDeploymentNotFoundFault", "DBClusterNotFoundFault", "DBInstanceNotFound",
                    "DBProxyEndpointNotFoundFault", "DBProxyNotFoundFault", "DBProxyTargetGroupNotFoundFault", "DBShardGroupNotFound",
                    "DBSnapshotNotFound", "DBSnapshotTenantDatabaseNotFoundFault", "IntegrationNotFoundFault", "TenantDatabaseNotFound")),
            Map.entry("StartExportTask", List.of("DBClusterNotFoundFault", "DBClusterSnapshotNotFoundFault", "DBSnapshotNotFound",
                    "ExportTaskAlreadyExists", "IamRoleMissingPermissions", "IamRoleNotFound", "InvalidExportOnly",
                    "InvalidExportSourceState", "InvalidS3BucketFault", "KMSKeyNotAccessibleFault")),
            Map.entry("DescribeExportTasks", List.of("ExportTaskNotFound")),
            Map.entry("CancelExportTask", List.of("ExportTaskNotFound", "InvalidExportTaskStateFault")),
            Map.entry("RestoreDBInstanceFromDBSnapshot", List.of("AuthorizationNotFound", "BackupPolicyNotFoundFault",
                    "CertificateNotFound", "DBClusterSnapshotNotFoundFault", "DBInstanceAlreadyExists", "DBParameterGroupNotFound",
                    "DBSecurityGroupNotFound", "DBSnapshotNotFound", "DBSubnetGroupDoesNotCoverEnoughAZs", "DBSubnetGroupNotFoundFault",
                    "DomainNotFoundFault", "InstanceQuotaExceeded", "InsufficientDBInstanceCapacity", "InvalidDBSnapshotState",
                    "InvalidRestoreFault", "InvalidSubnet", "InvalidVPCNetworkStateFault", "KMSKeyNotAccessibleFault",
                    "NetworkTypeNotSupported", "OptionGroupNotFoundFault", "ProvisionedIopsNotAvailableInAZFault",
                    "StorageQuotaExceeded", "StorageTypeNotSupported", "TenantDatabaseQuotaExceeded",
                    "VpcEncryptionControlViolationException")),
            Map.entry("RestoreDBClusterFromSnapshot", List.of("DBClusterAlreadyExistsFault", "DBClusterParameterGroupNotFound",
                    "DBClusterQuotaExceededFault", "DBClusterSnapshotNotFoundFault", "DBSnapshotNotFound",
                    "DBSubnetGroupDoesNotCoverEnoughAZs", "DBSubnetGroupNotFoundFault", "DomainNotFoundFault",
                    "InsufficientDBClusterCapacityFault", "InsufficientDBInstanceCapacity", "InsufficientStorageClusterCapacity",
                    "InvalidDBClusterSnapshotStateFault", "InvalidDBInstanceState", "InvalidDBSnapshotState", "InvalidRestoreFault",
                    "InvalidSubnet", "InvalidVPCNetworkStateFault", "KMSKeyNotAccessibleFault", "NetworkTypeNotSupported",
                    "OptionGroupNotFoundFault", "StorageQuotaExceeded", "StorageTypeNotSupported",
                    "VpcEncryptionControlViolationException")),
            Map.entry("CreateDBInstance", List.of("AuthorizationNotFound", "BackupPolicyNotFoundFault", "CertificateNotFound",
                    "DBClusterNotFoundFault", "DBInstanceAlreadyExists", "DBParameterGroupNotFound", "DBSecurityGroupNotFound",
                    "DBSubnetGroupDoesNotCoverEnoughAZs", "DBSubnetGroupNotFoundFault", "DomainNotFoundFault", "InstanceQuotaExceeded",
                    "InsufficientDBInstanceCapacity", "InvalidDBClusterStateFault", "InvalidSubnet", "InvalidVPCNetworkStateFault",
                    "KMSKeyNotAccessibleFault", "NetworkTypeNotSupported", "OptionGroupNotFoundFault",
                    "ProvisionedIopsNotAvailableInAZFault", "StorageQuotaExceeded", "StorageTypeNotSupported",
                    "TenantDatabaseQuotaExceeded", "VpcEncryptionControlViolationException")),
            Map.entry("DeleteDBInstance", List.of("DBInstanceAutomatedBackupQuotaExceeded", "DBInstanceNotFound",
                    "DBSnapshotAlreadyExists", "InvalidDBClusterStateFault", "InvalidDBInstanceState", "KMSKeyNotAccessibleFault",
                    "SnapshotQuotaExceeded")),
            Map.entry("DeleteDBCluster", List.of("DBClusterAutomatedBackupQuotaExceededFault", "DBClusterNotFoundFault",
                    "DBClusterSnapshotAlreadyExistsFault", "InvalidDBClusterSnapshotStateFault", "InvalidDBClusterStateFault",
                    "InvalidGlobalClusterStateFault", "KMSKeyNotAccessibleFault", "SnapshotQuotaExceeded")),
            Map.entry("DescribeAccountAttributes", List.of()));

    /** Of every action. */
    private static final Set<String> COMMON = Set.of("AccessDenied", "InternalFailure", "InvalidAction", "InvalidParameterCombination",
            "InvalidParameterValue", "MissingParameter", "ServiceUnavailable", "Throttling");

    private DocumentedErrors() {}

    /** The codes of the action's own page, in alphabetical order. */
    public static Set<String> of(String action) {
        return new TreeSet<>(OF_ACTIONS.get(action));
    }

    /** Codes that any action may answer. */
    public static Set<String> common() {
        return COMMON;
    }

    public static Set<String> actions() {
        return new TreeSet<>(OF_ACTIONS.keySet());
    }

    /** The HTTP status that belongs to a code. */
    public static int status(String code) {
        return ErrorCodes.status(code);
    }
}
