package webapp.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import webapp.local.database.DatabaseInstances;
import webapp.local.database.DatabaseInstances.DatabaseInstance;

/**
 * The functions' hosts file, in which the databases' AWS names are this machine, and no other name resolves: a VPC without internet. The JDK
 * reads it at each look-up, so that what is written counts for running functions too.
 */
final class HostsFile {
    private final Path directory;
    private final DatabaseInstances instances;
    private Set<String> described = Set.of();
    private Set<String> restored = Set.of();

    /** @param directory where {@code hosts} is written */
    HostsFile(Path directory, DatabaseInstances instances) {
        this.directory = directory;
        this.instances = instances;
    }

    /** Writes it with every instance that RDS describes now. */
    Path refreshed() {
        Set<String> found = instances.list().stream().map(DatabaseInstance::endpointHost).collect(Collectors.toSet());
        synchronized (this) {
            described = found;
            return write();
        }
    }

    /** Writes it with these, which RDS describes only later: it waits for their servers. */
    synchronized void restored(Set<String> hosts) {
        restored = hosts;
        write();
    }

    private Path write() {
        Set<String> names = new TreeSet<>(described);
        names.addAll(restored);
        StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
        names.forEach(name -> hosts.append("127.0.0.1 ").append(name).append('\n'));
        try {
            // Whole at every moment: a function that looks a name up while another one starts would not find it in a file half written.
            Path written = Files.writeString(Files.createTempFile(directory, "hosts", null), hosts);
            return Files.move(written, directory.resolve("hosts"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the functions' hosts file", e);
        }
    }
}
