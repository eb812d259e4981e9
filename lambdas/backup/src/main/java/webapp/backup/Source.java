package webapp.backup;

import java.util.Set;

/**
 * A database that is backed up, as RDS lists it.
 *
 * @param engine such as {@code aurora-mysql}
 * @param host null until it has an endpoint
 */
record Source(Kind kind, String identifier, String status, String engine, String kmsKeyId, String host, int port) {
    private static final Set<String> OF_MULTI_AZ_CLUSTERS = Set.of("mysql", "postgres");

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html">Status of an instance</a> */
    boolean lostItsKey() {
        return status.startsWith("inaccessible-encryption-credentials");
    }

    /**
     * Whether it is a Multi-AZ DB cluster, which is none of Aurora.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.Limitations.html">RDS copies none of its snapshots</a>
     */
    boolean isNeverCopied() {
        return kind == Kind.CLUSTER && OF_MULTI_AZ_CLUSTERS.contains(engine);
    }
}
