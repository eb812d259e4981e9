package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every class of a function jar, bundled ones included, loads on Lambda's java21 runtime, whichever JDK built it. */
class ClassVersionTest {
    /** Class file version of Java 21: table 4.1-A of the Java Virtual Machine Specification. */
    private static final int JAVA_21 = 65;

    @ParameterizedTest
    @ValueSource(strings = {"api", "backup", "canary", "database"})
    void classesLoadOnJava21(String jar) throws IOException {
        Path file = Path.of(System.getProperty("checkout.directory"), "dist", jar + ".jar");
        List<String> newer = new ArrayList<>();
        int classes = 0;
        try (JarFile entries = new JarFile(file.toFile())) {
            // Older runtimes pass by the versions of a multi-release jar that are newer than they are.
            for (JarEntry entry : entries.stream().filter(entry -> !entry.getName().startsWith("META-INF/")
                    && entry.getName().endsWith(".class")).toList()) {
                try (DataInputStream content = new DataInputStream(entries.getInputStream(entry))) {
                    content.skipNBytes(6);
                    int version = content.readUnsignedShort();
                    classes++;
                    if (version > JAVA_21) {
                        newer.add(entry.getName() + " has version " + version);
                    }
                }
            }
        }
        assertThat(classes).isGreaterThan(100);
        assertThat(newer).isEmpty();
    }
}
