package webapp.local.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The real database of this subproject's tests: one server for all of them, started at first use, stopped when the JVM ends. Its
 * binaries stay unpacked in the build directory, its data does not outlive a run.
 */
final class TestDatabase {
    static final Path DIRECTORY = Path.of("target", "test-database").toAbsolutePath();

    private TestDatabase() {}

    static MariaDb server() {
        return Started.SERVER;
    }

    static CertificateAuthority certificates() {
        return Started.CERTIFICATES;
    }

    private static final class Started {
        static final CertificateAuthority CERTIFICATES;
        static final MariaDb SERVER;

        static {
            try {
                delete(DIRECTORY.resolve("data"));
                CERTIFICATES = CertificateAuthority.in(DIRECTORY.resolve("certificates"));
                SERVER = MariaDb.start(DIRECTORY, CERTIFICATES, System.err::println);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
