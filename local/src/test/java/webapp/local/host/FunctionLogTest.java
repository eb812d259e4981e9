package webapp.local.host;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

class FunctionLogTest {
    @TempDir
    private Path directory;

    @Test
    void fullLogMovesToTheSecondFileWhileAProcessHoldsItOpen() throws IOException {
        Path file = directory.resolve("users.log");
        FunctionLog log = new FunctionLog(file, 20);
        log.line("a line above the maximum size");
        try (OutputStream process = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            process.write("from the process\n".getBytes(UTF_8));

            log.line("after the move");
            process.write("from the process again\n".getBytes(UTF_8));
        }

        assertThat(directory.resolve("users.log.1")).hasContent("a line above the maximum size\nfrom the process\n");
        assertThat(file).hasContent("after the move\nfrom the process again\n");
    }
}
