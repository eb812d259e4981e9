package webapp.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What make up keeps: as much as fits together. */
class RemainsTest {
    private static final Part SERVER = new Part(Part.SERVER, 1, 1, "");
    private static final Part LOCAL_AWS = new Part(Part.LOCAL_AWS, 2, 2, "");
    private static final Part MARIADB = new Part(Part.MARIADB, 3, 3, "");

    @TempDir
    private Path directory;

    /** A stack that was applied, and saved after it. */
    @BeforeEach
    void apply() throws IOException {
        LocalStack.publish(directory, "example.cloudfront.net");
        write(directory.resolve("aws/state/complete"));
    }

    @Test
    void workingStackIsLeftAlone() throws IOException {
        assertThat(of(Health.UP, Health.UP, Health.UP)).isEqualTo(Remains.EVERYTHING);
    }

    @Test
    void killedDatabaseOrServerCostsNothingThatWasApplied() throws IOException {
        Files.delete(directory.resolve("aws/state/complete")); // local AWS saves when it is told to stop
        assertThat(of(Health.UP, Health.UP, Health.ENDED)).isEqualTo(Remains.STATE);
        assertThat(of(Health.ENDED, Health.UP, Health.UP)).isEqualTo(Remains.STATE);
        assertThat(of(Health.ENDED, Health.UP, Health.SILENT)).isEqualTo(Remains.STATE);
    }

    @Test
    void killedLocalAwsComesBackAsItWasSaved() throws IOException {
        assertThat(of(Health.UP, Health.ENDED, Health.UP)).isEqualTo(Remains.STATE);
        assertThat(of(Health.ENDED, Health.ENDED, Health.ENDED)).isEqualTo(Remains.STATE);
        assertThat(of(Health.UP, Health.SILENT, Health.UP)).isEqualTo(Remains.STATE);
    }

    @Test
    void halfASaveIsNoSave() throws IOException {
        Files.delete(directory.resolve("aws/state/complete"));
        assertThat(of(Health.UP, Health.ENDED, Health.UP)).isEqualTo(Remains.ROWS);
    }

    @Test
    void localAwsKilledDuringAnApplyIsOlderThanTerraformsState() throws IOException {
        write(LocalStack.applyingFile(directory));
        assertThat(of(Health.UP, Health.ENDED, Health.UP)).isEqualTo(Remains.ROWS);
        assertThat(of(Health.UP, Health.UP, Health.ENDED)).isEqualTo(Remains.STATE);
        assertThat(of(Health.UP, Health.UP, Health.UP)).isEqualTo(Remains.EVERYTHING);
    }

    @Test
    void interruptedFirstApplyIsAppliedAnew() throws IOException {
        write(LocalStack.applyingFile(directory));
        Files.delete(directory.resolve("distribution"));
        assertThat(of(Health.UP, Health.UP, Health.UP)).isEqualTo(Remains.ROWS);
    }

    private Remains of(Health server, Health localAws, Health mariaDb) throws IOException {
        return Remains.of(directory, Map.of(SERVER, server, LOCAL_AWS, localAws, MARIADB, mariaDb));
    }

    private static void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "");
    }
}
