package webapp.backup;

/**
 * A database that is backed up, as RDS lists it.
 *
 * @param host null until it has an endpoint
 */
record Source(Kind kind, String identifier, String status, String kmsKeyId, String host, int port) {

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html">Status of an instance</a> */
    boolean lostItsKey() {
        return status.startsWith("inaccessible-encryption-credentials");
    }
}
