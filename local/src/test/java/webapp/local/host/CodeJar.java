package webapp.local.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.crac.Core;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A function's jar: the test's handlers, org.crac, and a marker that tells one build from another. */
record CodeJar(byte[] bytes) {

    static CodeJar marked(String marker) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            entry(jar, "marker.txt", marker.getBytes(UTF_8));
            addHandlers(jar);
            addOrgCrac(jar);
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("Building the jar marked " + marker, e);
        }
        return new CodeJar(bytes.toByteArray());
    }

    String sha256() {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void addHandlers(JarOutputStream jar) throws IOException, URISyntaxException {
        Path classes = Path.of(CodeJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.list(classes.resolve("webapp/local/host/functions"))) {
            for (Path file : files.sorted().toList()) {
                entry(jar, classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    private static void addOrgCrac(JarOutputStream jar) throws IOException {
        try (InputStream in = Core.class.getProtectionDomain().getCodeSource().getLocation().openStream();
                JarInputStream crac = new JarInputStream(in)) {
            for (JarEntry entry = crac.getNextJarEntry(); entry != null; entry = crac.getNextJarEntry()) {
                if (entry.getName().endsWith(".class")) {
                    entry(jar, entry.getName(), crac.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Reading the jar of org.crac", e);
        }
    }

    private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
        JarEntry entry = new JarEntry(name);
        entry.setTime(0);
        jar.putNextEntry(entry);
        jar.write(content);
        jar.closeEntry();
    }
}
