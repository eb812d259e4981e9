package webapp.local.database;

import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * The DB instances that RDS describes, region by region
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html">DescribeDBInstances</a>).
 */
public final class AwsDatabaseInstances implements DatabaseInstances {
    private final Supplier<? extends Collection<RdsClient>> regions;

    public AwsDatabaseInstances(RdsClient region) {
        this(() -> List.of(region));
    }

    /** @param regions asked at each listing */
    public AwsDatabaseInstances(Supplier<? extends Collection<RdsClient>> regions) {
        this.regions = regions;
    }

    @Override
    public List<DatabaseInstance> list() {
        return regions.get().stream().flatMap(AwsDatabaseInstances::list).toList();
    }

    private static Stream<DatabaseInstance> list(RdsClient region) {
        // An instance that is being created has no endpoint yet.
        return region.describeDBInstancesPaginator().dbInstances().stream()
                .filter(instance -> instance.endpoint() != null && instance.endpoint().address() != null)
                .map(AwsDatabaseInstances::read);
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
