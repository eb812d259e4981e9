package webapp.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestWriterTest {
    /** Can be deployed. */
    public static final class Streaming implements RequestStreamHandler {
        @Override
        public void handleRequest(InputStream input, OutputStream output, Context context) {
            throw new IllegalStateException("is never run");
        }
    }

    /** Can be deployed, through its superclass. */
    public static final class Typed extends Base {
        static {
            fail();
        }

        private static void fail() {
            throw new IllegalStateException("is never initialised");
        }
    }

    /** Lambda cannot make one. */
    public abstract static class Base implements RequestHandler<String, String> {
        @Override
        public String handleRequest(String input, Context context) {
            return input;
        }
    }

    /** Lambda cannot see it. */
    static final class Hidden extends Base {}

    /** Is no handler. */
    public static final class Other {}

    @TempDir
    Path directory;

    @Test
    void listsTheHandlersOfEachJar() throws Exception {
        Path jar = jar("api", Other.class, Streaming.class, Typed.class, Base.class, Hidden.class,
                RequestStreamHandler.class, RequestHandler.class, Context.class);

        ManifestWriter.Artifact artifact = ManifestWriter.describe(directory).get("api");

        assertThat(artifact.file()).isEqualTo("api.jar");
        assertThat(artifact.handlers())
                .containsExactly("webapp.manifest.ManifestWriterTest$Streaming", "webapp.manifest.ManifestWriterTest$Typed");
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
        assertThat(artifact.sha256()).isEqualTo(Base64.getEncoder().encodeToString(digest));
    }

    @Test
    void hashFollowsTheJar() throws Exception {
        jar("api", Streaming.class, RequestStreamHandler.class, RequestHandler.class, Context.class);
        String before = ManifestWriter.describe(directory).get("api").sha256();

        jar("api", Streaming.class, Other.class, RequestStreamHandler.class, RequestHandler.class, Context.class);

        assertThat(ManifestWriter.describe(directory).get("api").sha256()).isNotEqualTo(before);
    }

    @Test
    void jarWithoutAClassItsHandlersNeedIsNamed() throws Exception {
        jar("api", Typed.class, RequestStreamHandler.class, RequestHandler.class);

        assertThatThrownBy(() -> ManifestWriter.describe(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("api.jar")
                .hasMessageContaining("Base");
    }

    @Test
    void manifestIsWrittenInAFixedForm() throws Exception {
        jar("b", Streaming.class, RequestStreamHandler.class, RequestHandler.class, Context.class);
        jar("a", Streaming.class, RequestStreamHandler.class, RequestHandler.class, Context.class);
        String hash = ManifestWriter.describe(directory).get("a").sha256();

        ManifestWriter.main(new String[] {directory.toString()});

        assertThat(directory.resolve("manifest.json")).hasContent("""
                {
                  "a" : {
                    "file" : "a.jar",
                    "sha256" : "%1$s",
                    "handlers" : [
                      "webapp.manifest.ManifestWriterTest$Streaming"
                    ]
                  },
                  "b" : {
                    "file" : "b.jar",
                    "sha256" : "%1$s",
                    "handlers" : [
                      "webapp.manifest.ManifestWriterTest$Streaming"
                    ]
                  }
                }
                """.formatted(hash));
    }

    private Path jar(String name, Class<?>... classes) throws IOException {
        Path jar = directory.resolve(name + ".jar");
        try (JarOutputStream entries = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Class<?> type : classes) {
                String file = type.getName().replace('.', '/') + ".class";
                JarEntry entry = new JarEntry(file);
                entry.setTime(0);
                entries.putNextEntry(entry);
                try (InputStream bytes = type.getClassLoader().getResourceAsStream(file)) {
                    bytes.transferTo(entries);
                }
                entries.closeEntry();
            }
        }
        return jar;
    }
}
