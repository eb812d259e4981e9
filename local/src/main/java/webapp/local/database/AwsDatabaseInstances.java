package webapp.local.database;

import java.util.List;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * The DB instances that RDS describes
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html">DescribeDBInstances</a>).
 */
public final class AwsDatabaseInstances implements DatabaseInstances {
    private final RdsClient rds;

    public AwsDatabaseInstances(RdsClient rds) {
        this.rds = rds;
    }

    @Override
    public List<DatabaseInstance> list() {
        // An instance that is being created has no endpoint yet.
        return rds.describeDBInstancesPaginator().dbInstances().stream()
                .filter(instance -> instance.endpoint() != null && instance.endpoint().address() != null)
                .map(AwsDatabaseInstances::read).toList();
    }

    private static DatabaseInstance read(DBInstance instance) {
        // arn:aws:rds:REGION:ACCOUNT:db:IDENTIFIER
        String[] arn = instance.dbInstanceArn().split(":");
        return new DatabaseInstance(instance.dbInstanceIdentifier(), instance.endpoint().address(), instance.endpoint().port(),
                instance.dbiResourceId(), arn[3], arn[4], instance.dbName(),
                instance.masterUsername(), instance.masterUserSecret() == null ? null : instance.masterUserSecret().secretArn(),
                Boolean.TRUE.equals(instance.iamDatabaseAuthenticationEnabled()));
    }
}
