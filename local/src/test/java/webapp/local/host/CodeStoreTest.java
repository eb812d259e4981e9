package webapp.local.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CodeStoreTest {
    @TempDir
    private Path directory;

    @Test
    void codeIsUnpackedOnceForEachDigest() throws IOException {
        CodeStore store = new CodeStore(directory);
        CodeJar first = CodeJar.marked("first");

        Path taskRoot = store.taskRoot(deployment(first.sha256(), first.bytes()));

        assertThat(taskRoot.resolve("marker.txt")).hasContent("first");
        assertThat(store.taskRoot(deployment(first.sha256(), null))).isEqualTo(taskRoot);
    }

    @Test
    void codeThatIsNotWhatWasDeployedIsRefused() {
        assertThatThrownBy(() -> new CodeStore(directory)
                        .taskRoot(deployment(CodeJar.marked("deployed").sha256(), CodeJar.marked("downloaded").bytes())))
                .hasMessageContainingAll("users:1", CodeJar.marked("deployed").sha256(), CodeJar.marked("downloaded").sha256());
    }

    @Test
    void entryOutsideTheTaskRootIsRefusedAndNothingIsLeft() throws IOException {
        CodeJar escaping = new CodeJar(zip("../../escaped.txt"));

        assertThatThrownBy(() -> new CodeStore(directory).taskRoot(deployment(escaping.sha256(), escaping.bytes())))
                .hasMessageContaining("../../escaped.txt");
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    private static byte[] zip(String name) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.closeEntry();
        }
        return bytes.toByteArray();
    }

    private static Deployment deployment(String digest, byte[] code) {
        return new Deployment("users", "1", "arn", "Handler", "java21", 128, 3, Map.of(), "role", digest, false,
                Deployment.Logging.text("users"), () -> code);
    }
}
