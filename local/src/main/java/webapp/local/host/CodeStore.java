package webapp.local.host;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import webapp.local.files.Directories;

/** Unpacks each jar once, into a directory named after the function and the start of the jar's digest. */
final class CodeStore {
    private static final int DIRECTORY_NAME_LENGTH = 16;

    private final Path directory;

    CodeStore(Path directory) {
        this.directory = directory;
    }

    /**
     * @return the directory that holds the deployment's classes: its task root
     * @throws IOException when the code is no zip file, or not the code that was deployed
     */
    synchronized Path taskRoot(Deployment deployment) throws IOException {
        // Base64's '/' and '+' are no part of a directory's name.
        String digest = deployment.codeSha256().replace('/', '_').replace('+', '-');
        Path functionDirectory = directory.resolve(deployment.functionName());
        Path taskRoot = functionDirectory.resolve(digest.substring(0, Math.min(digest.length(), DIRECTORY_NAME_LENGTH)));
        if (Files.isDirectory(taskRoot)) {
            return taskRoot;
        }
        byte[] code = deployment.code().get();
        requireDigest(deployment, code);
        Files.createDirectories(functionDirectory);
        Path partial = Files.createTempDirectory(functionDirectory, "unpacking-");
        try {
            unpack(code, partial);
            // A half-unpacked directory never carries the final name, whenever the host is killed.
            Files.move(partial, taskRoot, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Directories.delete(partial);
        }
        return taskRoot;
    }

    private static void requireDigest(Deployment deployment, byte[] code) throws IOException {
        String digest;
        try {
            digest = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(code));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
        if (!digest.equals(deployment.codeSha256())) {
            throw new IOException("The code of " + deployment.functionName() + ':' + deployment.version() + " has the SHA-256 "
                    + digest + ", but " + deployment.codeSha256() + " was deployed");
        }
    }

    private static void unpack(byte[] code, Path target) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(code))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("The entry " + entry.getName() + " would leave the task root");
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
