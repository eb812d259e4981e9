package webapp.local.rds;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.UUID;

/** A KMS key of the double: enabled, until a test says otherwise. */
public final class KmsKey {
    private final RdsRegion region;
    final String name;
    final String id;
    final Instant created;
    private String state = "Enabled";
    private boolean denied;

    KmsKey(RdsRegion region, String name) {
        this.region = region;
        this.name = name;
        this.id = UUID.nameUUIDFromBytes((region.account() + region.name() + name).getBytes(UTF_8)).toString();
        this.created = region.rds.now();
    }

    public String arn() {
        return "arn:aws:kms:" + region.name() + ":" + region.account() + ":key/" + id;
    }

    /** Every use is refused as the key policy would (RDS: KMSKeyNotAccessibleFault); DescribeKey is still answered. */
    public KmsKey deny() {
        return region.rds.locked(() -> {
            denied = true;
            return this;
        });
    }

    /** @param keyState Enabled, Disabled, PendingDeletion, Unavailable ... of DescribeKey; only Enabled can be used */
    public KmsKey state(String keyState) {
        return region.rds.locked(() -> {
            state = keyState;
            return this;
        });
    }

    /** As it was made. */
    public KmsKey allow() {
        return region.rds.locked(() -> {
            state = "Enabled";
            denied = false;
            return this;
        });
    }

    boolean isUsable() {
        return !denied && state.equals("Enabled");
    }

    String state() {
        return state;
    }
}
