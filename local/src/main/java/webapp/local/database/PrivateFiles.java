package webapp.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories that only the user of this laptop may read. */
final class PrivateFiles {
    static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private PrivateFiles() {}

    /** Creates the directory and its missing parents; it ends up with mode 0700. */
    static Path directory(Path directory) throws IOException {
        Path created = Files.createDirectories(directory.toAbsolutePath());
        return Files.setPosixFilePermissions(created, PosixFilePermissions.fromString("rwx------"));
    }

    /** Replaces the file in one step; it is never readable by others, nor half written. */
    static void write(Path file, byte[] content) throws IOException {
        Path written = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new", OWNER_ONLY);
        try {
            Files.write(written, content);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
