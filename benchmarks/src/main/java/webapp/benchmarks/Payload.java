package webapp.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import webapp.local.files.Directories;

/**
 * What a variant deploys: the function jar, less what the variant does without, with its own handler, and with the benchmark's authority
 * beside those of Amazon RDS.
 */
final class Payload {
    private static final String AUTHORITIES = "rds-ca/" + TestBed.REGION + ".pem";

    private final Path jar;
    private final Path directory;

    private Payload(Path jar, Path directory) {
        this.jar = jar;
        this.directory = directory;
    }

    /**
     * @param keep which entries of the function jar the variant needs
     * @param handlers classes of this subproject that go with them
     */
    static Payload of(Path functionJar, Path work, Predicate<String> keep, List<Class<?>> handlers, Path authority) throws IOException {
        Files.createDirectories(work);
        Path jar = work.resolve("function.jar");
        Path directory = work.resolve("task");
        Directories.delete(directory);
        try (ZipFile from = new ZipFile(functionJar.toFile());
                OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream to = new ZipOutputStream(file)) {
            for (Enumeration<? extends ZipEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (entry.isDirectory() || !keep.test(entry.getName())) {
                    continue;
                }
                try (InputStream content = from.getInputStream(entry)) {
                    byte[] bytes = content.readAllBytes();
                    add(to, directory, entry.getName(), entry.getName().equals(AUTHORITIES) ? concatenate(bytes, authority) : bytes);
                }
            }
            for (Class<?> handler : handlers) {
                String name = handler.getName().replace('.', '/') + ".class";
                try (InputStream content = handler.getResourceAsStream("/" + name)) {
                    add(to, directory, name, content.readAllBytes());
                }
            }
        }
        return new Payload(jar, directory);
    }

    private static byte[] concatenate(byte[] authorities, Path authority) throws IOException {
        byte[] added = Files.readAllBytes(authority);
        byte[] all = new byte[authorities.length + added.length];
        System.arraycopy(authorities, 0, all, 0, authorities.length);
        System.arraycopy(added, 0, all, authorities.length, added.length);
        return all;
    }

    private static void add(ZipOutputStream jar, Path directory, String name, byte[] content) throws IOException {
        jar.putNextEntry(new ZipEntry(name));
        jar.write(content);
        jar.closeEntry();
        Path file = directory.resolve(name).normalize();
        Files.createDirectories(file.getParent());
        Files.write(file, content);
    }

    /** The jar, for a class path. */
    Path jar() {
        return jar;
    }

    /** The same, unpacked: the task root of a function. */
    Path directory() {
        return directory;
    }

    /** The authorities, for a program that wants a file. */
    Path authorities() {
        return directory.resolve(AUTHORITIES);
    }

    long size() throws IOException {
        return Files.size(jar);
    }
}
