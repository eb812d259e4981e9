package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbTest {
    /** Longer than a socket's path may be, as a checkout's can. */
    private static final String LONG_NAME = "a-directory-whose-name-is-long-enough-that-the-path-of-a-unix-domain-socket-in-it-does-not-fit-107-characters";

    private static final Queue<String> LOG = new ConcurrentLinkedQueue<>();

    @TempDir
    private static Path parent;

    private static Path directory;

    /** Lends the shared server's binaries to a directory of its own: unpacking them again would tell nothing. */
    @BeforeAll
    static void lendBinaries() throws IOException {
        TestDatabase.server();
        directory = Files.createDirectory(parent.resolve(LONG_NAME));
        Files.createSymbolicLink(directory.resolve("server"), TestDatabase.DIRECTORY.resolve("server"));
        Files.copy(TestDatabase.DIRECTORY.resolve("server.unpacked"), directory.resolve("server.unpacked"));
    }

    @BeforeEach
    void forget() {
        LOG.clear();
    }

    @AfterAll
    static void giveBack() throws IOException {
        Files.delete(directory.resolve("server"));
    }

    @Test
    void dataSurvivesRestartAndCrash() throws Exception {
        long pid;
        try (MariaDb server = start()) {
            pid = server.pid();
            assertThat(ProcessHandle.of(pid).orElseThrow().isAlive()).isTrue();
            execute(server, "CREATE DATABASE kept; CREATE TABLE kept.rows (id INT); INSERT INTO kept.rows VALUES (1)");
            assertThatThrownBy(MariaDbTest::start)
                    .hasMessage("MariaDB is running on " + directory + " already, as process " + pid + ". Stop it first.");
        }
        assertThat(MariaDb.running(directory)).isEmpty();
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)).isFalse();
        assertThat(LOG).isEmpty();

        try (MariaDb server = start(); BridgedDatabase bridged = new BridgedDatabase(server); Connection client = bridged.master()) {
            assertThat(count(server)).isEqualTo(1);
            execute(server, "INSERT INTO kept.rows VALUES (2)");

            ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
            process.destroyForcibly();
            process.onExit().get(10, TimeUnit.SECONDS);
            assertThatThrownBy(() -> client.createStatement().execute("SELECT 1")).isInstanceOfSatisfying(SQLException.class,
                    e -> assertThat(e.getSQLState()).startsWith("08"));
            assertThatThrownBy(bridged::master).isInstanceOf(SQLException.class);
            bridged.assertLogged("connection from 127.0.0.1 failed", "refused");
        }
        assertThat(LOG).singleElement().asString().contains("ended by itself with status");

        try (MariaDb server = start()) {
            assertThat(count(server)).isEqualTo(2);
        }
    }

    @Test
    void killedServerIsRestartedInPlace() throws Exception {
        try (MariaDb server = start(); BridgedDatabase bridged = new BridgedDatabase(server)) {
            long killed = server.pid();
            assertThat(MariaDb.answers(server.port())).isTrue();
            ProcessHandle process = ProcessHandle.of(killed).orElseThrow();
            process.destroyForcibly();
            process.onExit().get(10, TimeUnit.SECONDS);
            assertThat(MariaDb.answers(server.port())).isFalse();

            server.restart();

            assertThat(server.pid()).isNotEqualTo(killed);
            assertThat(directory.resolve("mariadbd.log.1")).exists();
            try (Connection client = bridged.master()) {
                assertThat(client.isValid(5)).isTrue();
            }
        }
        assertThat(MariaDb.running(directory)).isEmpty();
    }

    @Test
    void serverListensOnLoopbackAndWritesInItsDirectoryOnly() throws Exception {
        MariaDb server = TestDatabase.server();
        assertThat(variable(server, "bind_address")).isEqualTo("127.0.0.1");
        assertThat(variable(server, "datadir")).isEqualTo(TestDatabase.DIRECTORY.resolve("data") + "/");
        assertThat(variable(server, "tmpdir")).isEqualTo(TestDatabase.DIRECTORY.resolve("tmp").toString());
        assertThat(variable(server, "socket")).isEqualTo("mariadbd.sock");
        assertThat(TestDatabase.DIRECTORY.resolve("data/mariadbd.sock")).exists();
        assertThat(TestDatabase.DIRECTORY.resolve("start.sql")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(TestDatabase.DIRECTORY))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(TestDatabase.DIRECTORY.resolve("internal-passwords.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void serverIsSetUpLikeRds() throws SQLException {
        MariaDb server = TestDatabase.server();
        assertThat(variable(server, "character_set_server")).isEqualTo("utf8mb4");
        assertThat(variable(server, "time_zone")).isEqualTo("+00:00");
        assertThat(variable(server, "sql_mode")).contains("ONLY_FULL_GROUP_BY", "STRICT_TRANS_TABLES");
        assertThat(variable(server, "max_allowed_packet")).isEqualTo("67108864");
    }

    @Test
    void noUserIsLetInWithoutPasswordOrTls() {
        String url = "jdbc:mariadb://127.0.0.1:" + TestDatabase.server().port() + "/?sslMode=";
        for (String user : new String[] {"root", "", MariaDb.ADMINISTRATOR}) {
            assertThatThrownBy(() -> DriverManager.getConnection(url + "trust", user, "")).isInstanceOfSatisfying(SQLException.class,
                    e -> assertThat(e.getErrorCode()).isIn(1045, 1698));
        }
        assertThatThrownBy(() -> DriverManager.getConnection(url + "disable", MariaDb.ADMINISTRATOR,
                TestDatabase.server().passwords().ofAdministrator())).isInstanceOf(SQLException.class);
    }

    private static MariaDb start() throws IOException {
        return MariaDb.start(directory, TestDatabase.certificates(), LOG::add);
    }

    private static void execute(MariaDb server, String statements) throws SQLException {
        try (Connection connection = server.administration(); Statement statement = connection.createStatement()) {
            for (String sql : statements.split("; ")) {
                statement.execute(sql);
            }
        }
    }

    private static int count(MariaDb server) throws SQLException {
        try (Connection connection = server.administration();
                ResultSet row = connection.createStatement().executeQuery("SELECT COUNT(*) FROM kept.rows")) {
            row.next();
            return row.getInt(1);
        }
    }

    private static String variable(MariaDb server, String name) throws SQLException {
        try (Connection connection = server.administration();
                ResultSet row = connection.createStatement().executeQuery("SELECT @@GLOBAL." + name)) {
            row.next();
            return row.getString(1);
        }
    }
}
