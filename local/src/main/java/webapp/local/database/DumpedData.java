package webapp.local.database;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import webapp.local.files.Directories;
import webapp.local.rds.Data;

/**
 * What a MariaDB server holds, for the double of RDS: a snapshot is a {@link Dump}, a restored database a server of its own that the dump
 * was loaded into, with the same users. An export takes some seconds, as it restores the database first; RDS does so too.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ExportSnapshot.html">Exporting DB snapshot data to S3</a>
 */
public final class DumpedData implements Data, AutoCloseable {
    private final MariaDb server;
    private final Path directory;
    /** Where this server lies, if it was restored; null for the first one, which is not this class's to stop. */
    private final Path own;

    /** @param directory where dumps and restored servers are kept */
    public DumpedData(MariaDb server, Path directory) {
        this(server, directory, null);
    }

    private DumpedData(MariaDb server, Path directory, Path own) {
        this.server = server;
        this.directory = directory;
        this.own = own;
    }

    public MariaDb server() {
        return server;
    }

    @Override
    public Backup backup() {
        try {
            PrivateFiles.directory(directory);
            return new Snapshot(Dump.of(server, directory.resolve(UUID.randomUUID() + ".sql")));
        } catch (IOException e) {
            throw new UncheckedIOException("Dumping the database for a snapshot", e);
        }
    }

    @Override
    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.port());
    }

    /** Stops a restored server and deletes its files. */
    @Override
    public void delete() {
        if (own == null) {
            return;
        }
        server.close();
        try {
            Directories.delete(own);
        } catch (IOException e) {
            throw new UncheckedIOException("Deleting a restored database", e);
        }
    }

    @Override
    public void close() {
        delete();
    }

    private final class Snapshot implements Backup {
        private final Dump dump;

        Snapshot(Dump dump) {
            this.dump = dump;
        }

        @Override
        public DumpedData restore(String identifier) {
            Path restored = directory.resolve(identifier);
            try {
                return new DumpedData(dump.restore(server, restored), directory, restored);
            } catch (IOException e) {
                throw new UncheckedIOException("Restoring " + identifier, e);
            }
        }

        @Override
        public Map<String, byte[]> export(List<String> only) {
            Map<String, ByteArrayOutputStream> written = new TreeMap<>();
            try {
                dump.export(server, directory.resolve("export-" + UUID.randomUUID()), only,
                        name -> written.computeIfAbsent(name, object -> new ByteArrayOutputStream()));
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("Exporting a dump", e);
            }
            Map<String, byte[]> objects = new TreeMap<>();
            written.forEach((name, rows) -> objects.put(name, rows.toByteArray()));
            return objects;
        }

        @Override
        public void delete() {
            try {
                Files.delete(dump.file());
            } catch (IOException e) {
                throw new UncheckedIOException("Deleting a snapshot's dump", e);
            }
        }
    }
}
