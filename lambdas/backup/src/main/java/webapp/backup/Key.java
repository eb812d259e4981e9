package webapp.backup;

import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyMetadata;

/** Tells what is wrong with a key that RDS could not use. */
final class Key {
    private Key() {}

    /**
     * @param kms the key's region's
     * @return such as {@code key arn:... is PendingDeletion, it goes on 2026-12-01T00:00:00Z}
     * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html">Key states</a>
     */
    static String complaint(Supplier<KmsClient> kms, String arn) {
        if (arn == null) {
            return "the database's own key";
        }
        try {
            KeyMetadata key = kms.get().describeKey(describe -> describe.keyId(arn)).keyMetadata();
            return "key " + arn + " is " + key.keyStateAsString() + switch (key.keyState()) {
                case ENABLED -> ": its policy, or a missing grant, denies its use";
                case PENDING_DELETION -> ", it goes on " + key.deletionDate();
                default -> "";
            };
        } catch (SdkException e) {
            return "key " + arn + " cannot even be described: " + Trouble.of(e, "kms:DescribeKey", "key").message();
        }
    }
}
