package webapp.local.database;

import java.util.List;
import java.util.function.Predicate;

/** Knows the DB instances of this laptop, as they are now. */
@FunctionalInterface
public interface DatabaseInstances {
    List<DatabaseInstance> list();

    /** Those that a condition holds for. */
    default DatabaseInstances only(Predicate<DatabaseInstance> condition) {
        return () -> list().stream().filter(condition).toList();
    }

    /**
     * What the login bridge needs to know of a DB instance.
     *
     * @param identifier        DB instance identifier
     * @param endpointHost      host name of its endpoint
     * @param port              port of its endpoint
     * @param dbiResourceId     region-unique identifier, {@code db-...}; IAM policies name the instance by it
     * @param region            its region
     * @param account           its account, 12 digits
     * @param dbName            database that RDS creates with the instance, or null for none
     * @param masterUser        name of the master user
     * @param masterSecretArn   secret with the master user's password, or null when RDS does not manage it
     * @param iamAuthentication whether IAM database authentication is enabled
     */
    record DatabaseInstance(String identifier, String endpointHost, int port, String dbiResourceId, String region, String account,
            String dbName, String masterUser, String masterSecretArn, boolean iamAuthentication) {

        /** ARN that a policy must allow {@code rds-db:connect} on. */
        String userArn(String user) {
            return "arn:aws:rds-db:" + region + ":" + account + ":dbuser:" + dbiResourceId + "/" + user;
        }
    }
}
