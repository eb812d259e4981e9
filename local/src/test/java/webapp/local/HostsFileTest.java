package webapp.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import webapp.local.database.DatabaseInstances.DatabaseInstance;

class HostsFileTest {
    private final List<DatabaseInstance> instances = new ArrayList<>(List.of(instance("shop")));

    @TempDir
    private Path directory;

    @Test
    void namesDescribedInstancesAndRestoredOnes() {
        HostsFile hosts = new HostsFile(directory, () -> instances);

        assertThat(hosts.refreshed()).isEqualTo(directory.resolve("hosts")).hasContent("127.0.0.1 localhost\n127.0.0.1 shop\n");
        hosts.restored(Set.of("drill"));
        assertThat(directory.resolve("hosts")).hasContent("127.0.0.1 localhost\n127.0.0.1 drill\n127.0.0.1 shop\n");
        instances.add(instance("archive"));
        assertThat(hosts.refreshed()).hasContent("127.0.0.1 localhost\n127.0.0.1 archive\n127.0.0.1 drill\n127.0.0.1 shop\n");
        hosts.restored(Set.of());
        assertThat(directory.resolve("hosts")).hasContent("127.0.0.1 localhost\n127.0.0.1 archive\n127.0.0.1 shop\n");
        assertThat(directory.toFile().list()).containsExactly("hosts");
    }

    /** RDS waits for the answer of the one that calls it. */
    @Test
    void restoredOneIsWrittenWithoutAskingRds() {
        HostsFile hosts = new HostsFile(directory, () -> {
            throw new IllegalStateException("asked");
        });
        hosts.restored(Set.of("drill"));
        assertThat(directory.resolve("hosts")).hasContent("127.0.0.1 localhost\n127.0.0.1 drill\n");
    }

    private static DatabaseInstance instance(String host) {
        return new DatabaseInstance(host, host, 3306, "db-" + host, "eu-central-1", "000000000000", null, "admin", null, true);
    }
}
