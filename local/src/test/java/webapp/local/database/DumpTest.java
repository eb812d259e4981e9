package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DumpTest {
    /** More than the sockets between server and driver take in. */
    private static final int MEBIBYTES = 48;

    private Connection administration;

    @BeforeEach
    void fill() throws SQLException {
        administration = TestDatabase.server().administration();
        execute("CREATE DATABASE large");
        execute("CREATE TABLE large.documents (text LONGTEXT)");
        execute("INSERT INTO large.documents SELECT REPEAT('x', 1024 * 1024) FROM large.seq_1_to_" + MEBIBYTES);
    }

    @AfterEach
    void drop() throws SQLException {
        execute("DROP DATABASE large");
        administration.close();
    }

    @Test
    void exportWritesATableWhileItReadsIt() throws Exception {
        Written written = new Written();
        try (Connection reader = TestDatabase.server().administration()) {
            Dump.write(reader, List.of("large"), name -> written);
        }
        assertThat(written.total).isEqualTo(MEBIBYTES * (1024L * 1024 + 1));
        assertThat(written.largest).as("bytes at once").isLessThanOrEqualTo(64 * 1024);
        assertThat(written.queriesAtFirst).as("queries that the server still answered when the first row came").isEqualTo(1);
    }

    private final class Written extends OutputStream {
        private long total;
        private int largest;
        private long queriesAtFirst;

        @Override
        public void write(int octet) {
            total++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (total == 0) {
                queriesAtFirst = queries();
            }
            total += length;
            largest = Math.max(largest, length);
        }
    }

    private long queries() {
        try (Statement statement = administration.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT COUNT(*) FROM information_schema.processlist WHERE info LIKE 'SELECT * FROM `large`%'")) {
            found.next();
            return found.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("Asking for the queries", e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = administration.createStatement()) {
            statement.execute(sql);
        }
    }
}
