package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each message names the cause, so that nobody has to read the server's log. */
class StartFailureTest {
    @TempDir
    private Path directory;

    @Test
    void missingLibraryIsNamedWithItsPackage() {
        assertThat(failure(127, "mariadbd: error while loading shared libraries: libcrypt.so.1: cannot open shared object file: No such file"))
                .hasMessageContaining("lacks the shared library libcrypt.so.1").hasMessageContaining("libxcrypt-compat");
    }

    @Test
    void oldGlibcIsNamed() {
        assertThat(failure(1, "mariadbd: /lib64/libc.so.6: version `GLIBC_2.17' not found (required by mariadbd)"))
                .hasMessageContaining("too old, it lacks GLIBC_2.17");
    }

    @Test
    void systemWithoutGlibcIsNamed() {
        assertThat(failure(127, "mariadb-install-db: line 1: mariadbd: not found")).hasMessageContaining("needs Linux on x86-64 with glibc");
    }

    @Test
    void fullDiskIsNamed() {
        assertThat(failure(1, "[ERROR] InnoDB: Operating system error number 28: No space left on device"))
                .hasMessageContaining("the disk of " + directory + " is full");
        assertThat(StartFailure.unpacking(new IOException("No space left on device"), directory)).hasMessageContaining("the disk is full");
    }

    @Test
    void unknownFailureShowsTheLastLines() {
        assertThat(failure(7, "first\n".repeat(50) + "last words")).hasMessageContaining("status 7").hasMessageEndingWith("last words")
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSizeLessThan(20));
    }

    private IOException failure(int status, String output) {
        return StartFailure.of("MariaDB", status, output, directory);
    }
}
