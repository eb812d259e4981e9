package webapp.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import webapp.local.files.Directories;

/**
 * What a variant deploys: jars, or the function jar, less what the variant does without, with its own handler, and with the benchmark's authority
 * beside those of Amazon RDS.
 */
final class Payload {
    private static final String AUTHORITIES = "rds-ca/" + TestBed.REGION + ".pem";

    private final Path jar;
    private final Path directory;
    private final long size;

    private Payload(Path jar, Path directory, long size) {
        this.jar = jar;
        this.directory = directory;
        this.size = size;
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
        return new Payload(jar, directory, Files.size(jar));
    }

    /**
     * A zip of jars below {@code lib/}, as AWS's documentation has it for frameworks whose jars do not merge into one.
     *
     * @param authorities a file of them, which goes to the same place as in a function jar
     */
    static Payload ofJars(Path jars, Path work, Path authorities) throws IOException {
        Path directory = work.resolve("task");
        Directories.delete(directory);
        Path lib = Files.createDirectories(directory.resolve("lib"));
        long size = 0;
        try (Stream<Path> files = Files.list(jars)) {
            for (Path file : files.toList()) {
                Files.copy(file, lib.resolve(file.getFileName()));
                size += Files.size(file);
            }
        }
        Files.createDirectories(directory.resolve(AUTHORITIES).getParent());
        Files.copy(authorities, directory.resolve(AUTHORITIES));
        return new Payload(null, directory, size);
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

    /** The one jar, for a class path. */
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

    /** @return bytes of what is packed */
    long size() {
        return size;
    }
}
