package webapp.local.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The passwords by which the bridge logs in to MariaDB in the name of users whose real credentials MariaDB does not know. They
 * are derived from one random secret, kept beside the server's data.
 */
final class InternalPasswords {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String FILE = "internal-passwords.key";

    private final SecretKeySpec secret;

    private InternalPasswords(byte[] secret) {
        this.secret = new SecretKeySpec(secret, ALGORITHM);
    }

    /** Reads the secret in {@code directory}, making it (mode 0600) the first time. */
    static InternalPasswords in(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.exists(file)) {
            byte[] secret = new byte[32];
            new SecureRandom().nextBytes(secret);
            PrivateFiles.write(file, secret);
        }
        return new InternalPasswords(Files.readAllBytes(file));
    }

    /** Gives another directory the passwords of this one: users that are restored elsewhere keep theirs. */
    static void copy(Path from, Path to) throws IOException {
        PrivateFiles.write(to.resolve(FILE), Files.readAllBytes(from.resolve(FILE)));
    }

    /** Password of the user of the administration. */
    String ofAdministrator() {
        return derive("administrator");
    }

    /** Password of a user that logs in to AWS with an IAM token. */
    String ofIamUser(String user) {
        return derive("iam/" + user);
    }

    /** Password of a DB instance's master user; another than as an IAM user, because a token is no key to a master user. */
    String ofMasterUser(String user) {
        return derive("master/" + user);
    }

    /** 43 characters of {@code A-Za-z0-9_-}: nothing to quote in SQL. */
    private String derive(String purpose) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is part of every JDK", e);
        }
    }
}
