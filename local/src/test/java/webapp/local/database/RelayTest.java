package webapp.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes over a connection of the bridge once it is logged in. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RelayTest {
    private static final String USER = "relay_user";

    private static BridgedDatabase database;

    @BeforeAll
    static void start() throws Exception {
        database = new BridgedDatabase();
        database.createApplicationUser(USER);
        try (Connection master = database.master(); Statement statement = master.createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE shop.texts (id INT PRIMARY KEY, text LONGTEXT)");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        database.close();
    }

    @Test
    void fourByteCharactersSurvive() throws SQLException {
        String text = "naïve 😀 漢字 \uD83D\uDC69\u200D\uD83D\uDE80 '; DROP TABLE texts; --";
        assertThat(storedAndRead(1, text)).isEqualTo(text);
    }

    /** Over 16 MB a statement and a row are split in packets. */
    @Test
    void statementAndRowOfTwentyMegabytesSurvive() throws SQLException {
        String text = "0123456789abcdef".repeat(20 * 1024 * 1024 / 16);
        assertThat(storedAndRead(2, text).equals(text)).isTrue();
    }

    /** The packet after a full one is part of the same command, also when it starts like another. */
    @Test
    void statementOfExactlyOneFullPacketSurvives() throws SQLException {
        try (Connection user = connect(); Statement statement = user.createStatement()) {
            String head = "SELECT LENGTH('";
            String filler = "x".repeat(0xffffff - 1 - head.length() - 2);
            try (ResultSet row = statement.executeQuery(head + filler + "')")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(filler.length());
            }
        }
    }

    /** Compressed packets would hide the commands from the bridge, so it does not offer them. */
    @Test
    void clientThatWantsCompressionGoesWithout() throws SQLException {
        try (Connection user = connect("useCompression=true"); ResultSet row = user.createStatement().executeQuery("SELECT REPEAT('x', 1000)")) {
            row.next();
            assertThat(row.getString(1)).hasSize(1000);
        }
    }

    @Test
    void preparedStatementsOfTheServerWork() throws SQLException {
        try (Connection user = connect("useServerPrepStmts=true");
                PreparedStatement statement = user.prepareStatement("SELECT CONCAT(?, '😀')")) {
            statement.setString(1, "a");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("a😀");
            }
        }
    }

    @Test
    void fiftyClientsLogInAtOnce() throws Exception {
        try (ExecutorService clients = Executors.newFixedThreadPool(50)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                answers.add(clients.submit(() -> {
                    try (Connection user = connect(); ResultSet row = user.createStatement().executeQuery("SELECT " + number)) {
                        row.next();
                        return row.getInt(1);
                    }
                }));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(i);
            }
        }
    }

    @Test
    void killedConnectionIsClosedForTheClient() throws Exception {
        try (ServerConnection client = rawClient(); Connection administration = TestDatabase.server().administration();
                Statement statement = administration.createStatement()) {
            try (ResultSet newest = statement.executeQuery(
                    "SELECT MAX(ID) FROM information_schema.PROCESSLIST WHERE USER = '" + USER + "'")) {
                newest.next();
                statement.execute("KILL " + newest.getLong(1));
            }
            // It ends at the end of the stream; the client sends nothing that could show the bridge what happened.
            client.socket().getInputStream().readAllBytes();
        }
    }

    /** The driver cancels by KILL QUERY on a second connection, with the id of the greeting. */
    @Test
    void runningStatementCanBeCancelled() throws SQLException {
        try (Connection user = connect(); Statement statement = user.createStatement()) {
            long start = System.nanoTime();
            Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(300);
                    statement.cancel();
                } catch (InterruptedException | SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            try (ResultSet row = statement.executeQuery("SELECT SLEEP(20)")) {
                row.next();
                assertThat(row.getInt(1)).isEqualTo(1);
            } catch (SQLException e) {
                assertThat(e.getErrorCode()).isEqualTo(1317);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void closedClientLeavesNoConnectionToTheServer() throws Exception {
        connect().close();
        try (Connection master = TestDatabase.server().administration(); PreparedStatement connections = master.prepareStatement(
                "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE USER = ?")) {
            connections.setString(1, USER);
            int left = -1;
            for (int i = 0; left != 0 && i < 100; i++) {
                try (ResultSet row = connections.executeQuery()) {
                    row.next();
                    left = row.getInt(1);
                }
                Thread.sleep(50);
            }
            assertThat(left).isZero();
        }
    }

    /** The statement that a function's connection starts with; a proxy would pin a connection for others (facts of RDS Proxy). */
    @Test
    void driverSendsOneStatementAtConnect() throws Exception {
        try (Connection master = TestDatabase.server().administration(); Statement statement = master.createStatement()) {
            statement.execute("SET GLOBAL log_output = 'TABLE'");
            statement.execute("SET GLOBAL general_log = ON");
            statement.execute("TRUNCATE TABLE mysql.general_log");
            try {
                connect("jdbcCompliantTruncation=false", "disableSessionTracking=true", "useServerPrepStmts=false").close();
            } finally {
                statement.execute("SET GLOBAL general_log = OFF");
            }
            List<String> statements = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log"
                    + " WHERE command_type = 'Query' AND user_host LIKE '" + USER + "%'")) {
                while (row.next()) {
                    statements.add(row.getString(1));
                }
            }
            assertThat(statements).singleElement().asString().isEqualToIgnoringCase("set NAMES utf8mb4");
        }
    }

    @Test
    void changeOfUserIsRefused() throws Exception {
        database.log.clear();
        try (ServerConnection client = rawClient()) {
            client.socket().getOutputStream().write(MySqlPackets.packet("\u0011root\0".getBytes(StandardCharsets.ISO_8859_1), 0));
            byte[] answer = client.socket().getInputStream().readAllBytes();
            assertThat(answer[3]).isEqualTo((byte) 1);
            assertThat(MySqlPackets.describeError(Arrays.copyOfRange(answer, 4, answer.length))).startsWith("1045 #28000Access denied");
        }
        database.assertLogged("change of user refused");
    }

    @Test
    void clientThatHasSaidAllStillGetsItsAnswer() throws Exception {
        try (ServerConnection client = rawClient()) {
            client.socket().getOutputStream().write(MySqlPackets.packet("\u0003SELECT 'answer'".getBytes(StandardCharsets.ISO_8859_1), 0));
            client.socket().shutdownOutput();
            assertThat(new String(client.socket().getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)).contains("answer");
        }
    }

    @Test
    void rewrittenStatementHasTheLengthOfItsPacket() throws IOException {
        ByteArrayOutputStream server = new ByteArrayOutputStream();
        byte[] create = MySqlPackets.packet("\u0003CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'".getBytes(StandardCharsets.ISO_8859_1), 0);
        byte[] ping = MySqlPackets.packet(new byte[] {0x0e}, 0);
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(create);
        both.writeBytes(ping);
        assertThat(relay(both.toByteArray(), server)).isEqualTo(CommandRelay.End.CLIENT_CLOSED);

        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(MySqlPackets.packet("\u0003CREATE USER a IDENTIFIED BY 'internal'".getBytes(StandardCharsets.ISO_8859_1), 0));
        expected.writeBytes(ping);
        assertThat(server.toByteArray()).isEqualTo(expected.toByteArray());
    }

    /** Number 0 follows 255 inside a long command: the content of a file, say, is no command. */
    @Test
    void contentThatLooksLikeACommandIsLeftAlone() throws IOException {
        ByteArrayOutputStream client = new ByteArrayOutputStream();
        client.writeBytes(MySqlPackets.packet("x".getBytes(StandardCharsets.ISO_8859_1), 255));
        client.writeBytes(MySqlPackets.packet("\u0003CREATE USER a IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'".getBytes(StandardCharsets.ISO_8859_1), 0));
        ByteArrayOutputStream server = new ByteArrayOutputStream();
        relay(client.toByteArray(), server);
        assertThat(server.toByteArray()).isEqualTo(client.toByteArray());
    }

    private static ServerConnection rawClient() throws IOException {
        ServerConnection client = ServerConnection.open(database.bridge.port(), TestDatabase.certificates().clientContext());
        int capabilities = Capabilities.PROTOCOL_41 | Capabilities.PLUGIN_AUTHENTICATION;
        byte[] settings = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN).putInt(1 << 24).put((byte) 45).array();
        byte[] answer = client.logIn(new LoginRequest(capabilities, settings, USER, null, new byte[0]), database.token(USER));
        assertThat(answer[0]).isEqualTo((byte) MySqlPackets.OK);
        client.socket().setSoTimeout(20_000);
        return client;
    }

    private static CommandRelay.End relay(byte[] client, ByteArrayOutputStream server) throws IOException {
        return new CommandRelay(new ByteArrayInputStream(client), server, user -> "internal").run();
    }

    private static Connection connect(String... options) throws SQLException {
        return database.connect(USER, database.token(USER), options);
    }

    private static String storedAndRead(int id, String text) throws SQLException {
        try (Connection user = connect();
                PreparedStatement insert = user.prepareStatement("INSERT INTO shop.texts VALUES (?, ?)");
                PreparedStatement select = user.prepareStatement("SELECT text FROM shop.texts WHERE id = ?")) {
            insert.setInt(1, id);
            insert.setString(2, text);
            insert.executeUpdate();
            select.setInt(1, id);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
