package webapp.local.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import webapp.local.files.Directories;
import webapp.local.rds.Data;

/**
 * What a MariaDB server holds, for the double of RDS: a snapshot is a dump of everything in it, a restored database a server of its own
 * that the dump was loaded into, with the same users. An export writes each table's rows as tab-separated lines where RDS writes Parquet;
 * as RDS does, it restores the whole database first, which takes some seconds.
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
            Path file = directory.resolve(UUID.randomUUID() + ".sql");
            server.dump(file);
            return new Dump(file);
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

    private final class Dump implements Backup {
        private final Path file;

        Dump(Path file) {
            this.file = file;
        }

        @Override
        public DumpedData restore(String identifier) {
            Path own = directory.resolve(identifier);
            try {
                MariaDb restored = server.startAnother(own);
                try {
                    restored.load(file);
                } catch (IOException | RuntimeException e) {
                    restored.close();
                    throw e;
                }
                return new DumpedData(restored, directory, own);
            } catch (IOException e) {
                throw new UncheckedIOException("Restoring " + identifier, e);
            }
        }

        @Override
        public Map<String, byte[]> export(List<String> only) {
            try (DumpedData restored = restore("export-" + UUID.randomUUID());
                    Connection connection = restored.server().administration(); Statement statement = connection.createStatement()) {
                Map<String, byte[]> objects = new TreeMap<>();
                for (String[] table : tables(statement)) {
                    String name = table[0] + "." + table[1];
                    if (only.isEmpty() || only.contains(table[0]) || only.contains(name)) {
                        objects.put(table[0] + "/" + name + "/1/part-00000.tsv", rows(statement, table[0], table[1]));
                    }
                }
                return objects;
            } catch (SQLException e) {
                throw new IllegalStateException("Exporting a dump", e);
            }
        }

        @Override
        public void delete() {
            try {
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException("Deleting a snapshot's dump", e);
            }
        }
    }

    private static List<String[]> tables(Statement statement) throws SQLException {
        List<String[]> tables = new ArrayList<>();
        try (ResultSet found = statement.executeQuery("SELECT table_schema, table_name FROM information_schema.tables"
                + " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')")) {
            while (found.next()) {
                tables.add(new String[] {found.getString(1), found.getString(2)});
            }
        }
        return tables;
    }

    private static byte[] rows(Statement statement, String schema, String table) throws SQLException {
        StringBuilder lines = new StringBuilder();
        try (ResultSet rows = statement.executeQuery("SELECT * FROM `" + schema + "`.`" + table + "`")) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    String value = rows.getString(column);
                    lines.append(value == null ? "\\N" : value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n"))
                            .append(column < columns ? '\t' : '\n');
                }
            }
        }
        return lines.toString().getBytes(UTF_8);
    }
}
