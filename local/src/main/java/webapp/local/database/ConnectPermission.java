package webapp.local.database;

/**
 * Decides on {@code rds-db:connect}
 * (<a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html">Creating and using an
 * IAM policy for IAM database access</a>).
 */
@FunctionalInterface
public interface ConnectPermission {
    /** Action that logging in with a token needs. */
    String ACTION = "rds-db:connect";

    /**
     * Whether the principal's policies allow {@link #ACTION}.
     *
     * @param principalArn ARN of a role or user
     * @param resourceArn  {@code arn:aws:rds-db:REGION:ACCOUNT:dbuser:DBI_RESOURCE_ID/USER}
     */
    boolean isAllowed(String principalArn, String resourceArn);
}
