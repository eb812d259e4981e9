package webapp.local.rds;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * A request that reached the double.
 *
 * @param number     from 1, of all calls
 * @param service    {@code rds}, {@code kms} or {@code s3}
 * @param parameters as sent, such as {@code Tags.Tag.1.Key}; of S3: {@code Bucket}, {@code Key}, {@code Prefix}
 * @param error      the code it was refused with; null when it was carried out (its answer may have been lost)
 */
public record Call(long number, Instant at, String account, String region, String service, String action, Map<String, String> parameters,
        String error) {
    private static final Set<String> READS = Set.of("ListTagsForResource", "ListObjectsV2", "HeadObject", "GetObject", "HeadBucket");

    /** Whether the action changes something. */
    public boolean mutates() {
        return !action.startsWith("Describe") && !READS.contains(action);
    }

    public String parameter(String name) {
        return parameters.get(name);
    }
}
