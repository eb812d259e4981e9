package webapp.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The scheduler is measured as {@code modules/backup} deploys it. */
class BackupModuleTest {
    private static final Path MODULE = Path.of(System.getProperty("checkout.directory"), "modules/backup");

    @Test
    void schedulerIsStartedAsTheModuleStartsIt() throws IOException {
        String variables = Files.readString(MODULE.resolve("variables.tf"));
        String main = Files.readString(MODULE.resolve("main.tf"));
        assertThat(variables).containsPattern("(?s)variable \"memory_size\" \\{[^}]* default +=" + " " + Variants.BACKUP_MEMORY + "\n")
                .containsPattern("(?s)variable \"timeout\" \\{[^}]* default +=" + " " + Variants.BACKUP_TIMEOUT + "\n");
        assertThat(main).contains("JAVA_TOOL_OPTIONS = \"" + Variants.BACKUP_OPTIONS + "\"");
    }
}
