package webapp.local.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import webapp.local.files.Directories;

/** Everything that a MariaDB server held at one moment, its users too, in a file: what a snapshot is on a laptop. */
record Dump(Path file) {
    /** Takes what an export writes. */
    @FunctionalInterface
    interface Objects {
        /** Where the object of this name goes; it is flushed, not closed, when it is whole, and only then the next one begins. */
        OutputStream next(String name) throws IOException;
    }

    /** Writes what the server holds now; the file is there only when it is whole. */
    static Dump of(MariaDb server, Path file) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".partial");
        try {
            server.dump(partial);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
        return new Dump(file);
    }

    /**
     * Starts a server that holds this, with the users and passwords of then.
     *
     * @param like whose binaries, certificate and internal passwords it has; it need not run
     * @param directory the new server's own; it is deleted again when the dump cannot be loaded
     */
    MariaDb restore(MariaDb like, Path directory) throws IOException {
        MariaDb restored = null;
        try {
            restored = like.startAnother(directory);
            restored.load(file);
            return restored;
        } catch (IOException | RuntimeException e) {
            if (restored != null) {
                restored.close();
            }
            Directories.delete(directory);
            throw e;
        }
    }

    /**
     * Writes the rows of each table as tab-separated lines, one table after the other and none as a whole in memory; RDS writes Parquet, and
     * restores the whole database first, too.
     *
     * @param like as for {@link #restore}
     * @param directory where that server lies as long
     * @param only schemas ({@code shop}) and tables ({@code shop.orders}); empty for all
     */
    void export(MariaDb like, Path directory, List<String> only, Objects objects) throws IOException, SQLException {
        try (MariaDb restored = restore(like, directory); Connection connection = restored.administration()) {
            write(connection, only, objects);
        } finally {
            Directories.delete(directory);
        }
    }

    static void write(Connection connection, List<String> only, Objects objects) throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            // Without it the driver reads all rows before it gives the first.
            statement.setFetchSize(1);
            for (String[] table : tables(statement)) {
                String name = table[0] + "." + table[1];
                if (only.isEmpty() || only.contains(table[0]) || only.contains(name)) {
                    Writer lines = new BufferedWriter(new OutputStreamWriter(objects.next(table[0] + "/" + name + "/1/part-00000.tsv"), UTF_8));
                    writeRows(statement, table[0], table[1], lines);
                    lines.flush();
                }
            }
        }
    }

    private static List<String[]> tables(Statement statement) throws SQLException {
        List<String[]> tables = new ArrayList<>();
        try (ResultSet found = statement.executeQuery("SELECT table_schema, table_name FROM information_schema.tables"
                + " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')"
                + " ORDER BY table_schema, table_name")) {
            while (found.next()) {
                tables.add(new String[] {found.getString(1), found.getString(2)});
            }
        }
        return tables;
    }

    private static void writeRows(Statement statement, String schema, String table, Writer lines) throws IOException, SQLException {
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
    }
}
