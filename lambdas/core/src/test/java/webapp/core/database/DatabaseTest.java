package webapp.core.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import webapp.core.configuration.Configuration;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.testing.MariaDbServer;
import webapp.core.time.Deadline;

class DatabaseTest {
    private final MariaDbServer server = MariaDbServer.shared();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T08:30:00Z"));
    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    @BeforeEach
    void createTable() {
        server.execute(
                "DROP TABLE IF EXISTS notes",
                "CREATE TABLE notes (id INT PRIMARY KEY, text VARCHAR(100)) ENGINE = InnoDB");
    }

    @Test
    void oneConnectionServesManyRequests() {
        try (Database database = database(server)) {
            assertThat(connectionId(database)).isEqualTo(connectionId(database));
            assertThat(opened).hasValue(1);
        }
    }

    @Test
    void nothingIsOpenedBeforeItIsNeeded() {
        try (Database database = database(server)) {
            assertThat(database).isNotNull();
            assertThat(opened).hasValue(0);
        }
    }

    @Test
    void connectionIsReplacedBeforeItsTokenWouldHaveExpired() {
        try (Database database = database(server)) {
            long first = connectionId(database);

            now.updateAndGet(time -> time.plus(Duration.ofMinutes(13)));
            assertThat(connectionId(database)).isEqualTo(first);

            now.updateAndGet(time -> time.plus(Duration.ofMinutes(1)));
            assertThat(connectionId(database)).isNotEqualTo(first);
        }
    }

    @Test
    void connectionThatDiedWhileIdleIsReplacedBeforeUse() {
        try (Database database = database(server)) {
            long first = connectionId(database);
            server.execute("KILL " + first);
            now.updateAndGet(time -> time.plusSeconds(60));
            AtomicInteger runs = new AtomicInteger();

            database.read(soon(), handle -> runs.incrementAndGet());

            assertThat(runs).hasValue(1);
            assertThat(opened).hasValue(2);
        }
    }

    @Test
    void transactionWhoseLinkBreaksIsRunAgainAsAWhole() {
        try (Database database = database(server)) {
            AtomicInteger runs = new AtomicInteger();

            database.write(soon(), handle -> {
                handle.execute("INSERT INTO notes VALUES (1, 'a')");
                if (runs.incrementAndGet() == 1) {
                    server.execute("KILL " + id(handle));
                }
                return handle.execute("INSERT INTO notes VALUES (2, 'b')");
            });

            assertThat(runs).hasValue(2);
            assertThat(notes(database)).containsExactly("a", "b");
        }
    }

    @Test
    void failedStatementRollsBackAndIsNotRepeated() {
        try (Database database = database(server)) {
            AtomicInteger runs = new AtomicInteger();

            assertThatThrownBy(() -> database.write(soon(), handle -> {
                        runs.incrementAndGet();
                        handle.execute("INSERT INTO notes VALUES (1, 'a')");
                        return handle.execute("INSERT INTO notes VALUES (1, 'b')");
                    }))
                    .hasMessageContaining("Duplicate entry");

            assertThat(runs).hasValue(1);
            assertThat(notes(database)).isEmpty();
            assertThat(opened).hasValue(1);
        }
    }

    @Test
    void boundValuesAreNotInTheExceptionsText() {
        try (Database database = database(server)) {
            assertThatThrownBy(() -> database.write(soon(), handle -> handle.createUpdate("INSERT INTO nothing VALUES (:text)")
                            .bind("text", "ada@example.com")
                            .execute()))
                    .hasMessageNotContaining("ada@example.com");
        }
    }

    @Test
    void commitWithoutAnAnswerIsNotRepeated() {
        AtomicInteger runs = new AtomicInteger();
        try (Database database = new Database(losingFirstCommit(), clock)) {
            ProblemException problem = catchThrowableOfType(
                    ProblemException.class,
                    () -> database.write(soon(), handle -> {
                        runs.incrementAndGet();
                        return handle.execute("INSERT INTO notes VALUES (1, 'a')");
                    }));

            assertThat(problem.type()).isEqualTo(ProblemType.SERVICE_UNAVAILABLE);
            assertThat(runs).hasValue(1);
            assertThat(notes(database)).containsExactly("a");
        }
    }

    @Test
    void idempotentTransactionIsRepeatedAfterACommitWithoutAnAnswer() {
        AtomicInteger runs = new AtomicInteger();
        try (Database database = new Database(losingFirstCommit(), clock)) {
            database.writeIdempotently(soon(), handle -> {
                runs.incrementAndGet();
                return handle.execute("INSERT IGNORE INTO notes VALUES (1, 'a')");
            });

            assertThat(runs).hasValue(2);
            assertThat(notes(database)).containsExactly("a");
        }
    }

    @Test
    void deadlockIsRunAgainOnTheSameConnection() throws Exception {
        server.execute("INSERT INTO notes VALUES (1, 'a'), (2, 'b')");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        AtomicInteger runs = new AtomicInteger();
        try (Database one = database(server);
                Database other = database(server)) {
            Future<?> first = threads.submit(() -> swap(one, 1, 2, bothHoldOne, runs));
            Future<?> second = threads.submit(() -> swap(other, 2, 1, bothHoldOne, runs));
            first.get(20, TimeUnit.SECONDS);
            second.get(20, TimeUnit.SECONDS);

            assertThat(runs).hasValue(3);
            assertThat(opened).hasValue(2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusedLoginIsTriedOnceWithAFreshToken() {
        AtomicInteger logins = new AtomicInteger();
        Connector refused = timeout -> {
            logins.incrementAndGet();
            return server.address().connect("master", "wrong", timeout, timeout);
        };
        try (Database database = new Database(refused, clock)) {
            ProblemException problem =
                    catchThrowableOfType(ProblemException.class, () -> database.read(soon(), DatabaseTest::id));

            assertThat(problem.type()).isEqualTo(ProblemType.SERVICE_UNAVAILABLE);
            assertThat(logins).hasValue(2);
        }
    }

    @Test
    void refusedIamLoginNamesWhatToCheck() {
        DatabaseServer address = server.address();
        Connector login = new IamLogin(
                new Configuration(Map.of(
                        "DATABASE_HOST", address.host(),
                        "DATABASE_PORT", Integer.toString(address.port()),
                        "DATABASE_NAME", address.database(),
                        "DATABASE_USER", "app_without_permission",
                        "AWS_REGION", address.region())),
                Map.of("AWS_ACCESS_KEY_ID", "AKID", "AWS_SECRET_ACCESS_KEY", "secret"),
                Clock.systemUTC());
        Database database = new Database(login, clock);

        ProblemException problem =
                catchThrowableOfType(ProblemException.class, () -> database.read(soon(), DatabaseTest::id));

        assertThat(problem.getCause())
                .hasMessageContaining("app_without_permission")
                .hasMessageContaining("rds-db:connect")
                .hasMessageContaining(address.host() + ":" + address.port() + "/webapp (DATABASE_HOST, _PORT and _NAME)");
        assertThat(problem).hasMessageNotContaining("app_without_permission");
    }

    @Test
    void demotedWriterIsLeftForANewConnection() {
        try (Database database = database(server)) {
            AtomicInteger runs = new AtomicInteger();

            database.write(soon(), handle -> {
                if (runs.incrementAndGet() == 1) {
                    handle.execute("SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'read only'");
                }
                return handle.execute("INSERT INTO notes VALUES (1, 'a')");
            });

            assertThat(opened).hasValue(2);
            assertThat(notes(database)).containsExactly("a");
        }
    }

    @Test
    void stoppedServerIsUnavailableAndComesBack() {
        try (MariaDbServer own = MariaDbServer.start();
                Database database = database(own)) {
            assertThat(connectionId(database)).isPositive();

            own.stop();
            ProblemException problem =
                    catchThrowableOfType(ProblemException.class, () -> database.read(soon(), DatabaseTest::id));
            assertThat(problem.type()).isEqualTo(ProblemType.SERVICE_UNAVAILABLE);
            assertThat(problem.headers()).containsEntry("Retry-After", "5");

            own.restart();
            assertThat(connectionId(database)).isPositive();
        }
    }

    /** Each statement alone would end in time. */
    @Test
    void transactionOfManySlowStatementsEndsWithItsDeadline() {
        try (Database database = database(server)) {
            connectionId(database);
            AtomicInteger begun = new AtomicInteger();

            assertOutage(() -> database.write(Deadline.in(Duration.ofMillis(1500)), handle -> {
                for (int i = 0; i < 10; i++) {
                    begun.incrementAndGet();
                    handle.execute("DO SLEEP(0.6)");
                }
                return null;
            }));

            assertThat(begun).hasValueLessThan(10);
            assertThat(connectionId(database)).isPositive();
        }
    }

    @Test
    void statementAfterTheDeadlineIsNotSentAndCostsNoConnection() {
        try (Database database = database(server)) {
            long first = connectionId(database);
            Deadline passed = Deadline.in(Duration.ofMillis(-1));

            assertOutage(() -> database.write(passed, handle -> handle.execute("INSERT INTO notes VALUES (1, 'a')")));

            assertThat(connectionId(database)).isEqualTo(first);
            assertThat(notes(database)).isEmpty();
        }
    }

    /** As of a host that froze: the operating system takes connections, and nobody answers. */
    @Test
    void serverThatSaysNothingIsAnOutageWithinTheReserve() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Database database = new Database(
                        timeout -> new DatabaseServer("localhost", silent.getLocalPort(), "webapp", "eu-central-1")
                                .connect("app", "x", timeout, DatabaseServer.ANSWER_TIMEOUT),
                        clock)) {
            Deadline deadline = Deadline.in(Duration.ofSeconds(1));

            assertOutage(() -> database.read(deadline, DatabaseTest::id));

            // What the Router keeps back of the function's time, which itself is shorter than the API's.
            assertThat(deadline.remainingMillis()).isGreaterThan(-500);
        }
    }

    private static void assertOutage(Runnable work) {
        ProblemException problem = catchThrowableOfType(ProblemException.class, work::run);
        assertThat(problem).isNotNull();
        assertThat(problem.type()).isEqualTo(ProblemType.SERVICE_UNAVAILABLE);
    }

    @Test
    void loginSetsNothingThatPinsAProxySession() {
        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy-pinning.html: names are tracked, so they do not pin.
        server.execute("SET GLOBAL log_output = 'TABLE'", "TRUNCATE mysql.general_log", "SET GLOBAL general_log = ON");
        try (Database database = database(server)) {
            long id = connectionId(database);
            database.write(soon(), handle -> handle.execute("INSERT INTO notes VALUES (1, 'a')"));
            server.execute("SET GLOBAL general_log = OFF");

            List<String> statements = database.read(soon(), handle -> handle
                    .createQuery("SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log"
                            + " WHERE thread_id = :id AND command_type IN ('Query', 'Prepare')")
                    .bind("id", id)
                    .map((row, context) -> row.getString("text"))
                    .list());

            assertThat(statements).hasSizeGreaterThan(3).allSatisfy(statement -> assertThat(statement.toLowerCase(Locale.ROOT))
                    .matches("set names utf8mb4|set autocommit=[01]|select connection_id\\(\\)|insert into notes .*|commit"));
        } finally {
            server.execute("SET GLOBAL general_log = OFF");
        }
    }

    @Test
    void closedConnectionIsOpenedAgainByTheNextRequest() {
        Database database = database(server);
        long first = connectionId(database);

        database.close();

        assertThat(connectionId(database)).isNotEqualTo(first);
        database.close();
    }

    @Test
    void parallelRequestsTakeTurns() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (Database database = database(server)) {
            List<Future<Integer>> inserts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int id = i;
                inserts.add(threads.submit(() -> database.write(
                        soon(), handle -> handle.execute("INSERT INTO notes VALUES (?, 'x')", id))));
            }
            for (Future<Integer> insert : inserts) {
                assertThat(insert.get(20, TimeUnit.SECONDS)).isEqualTo(1);
            }
            assertThat(opened).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    private static int swap(Database database, int first, int second, CountDownLatch bothHoldOne, AtomicInteger runs) {
        return database.write(soon(), handle -> {
            runs.incrementAndGet();
            handle.execute("UPDATE notes SET text = 'x' WHERE id = ?", first);
            bothHoldOne.countDown();
            try {
                assertThat(bothHoldOne.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return handle.execute("UPDATE notes SET text = 'x' WHERE id = ?", second);
        });
    }

    /** Its first connection carries out COMMIT and then breaks before the answer, as in a failover. */
    private Connector losingFirstCommit() {
        return timeout -> {
            Connection real = connect(server, timeout);
            if (opened.get() > 1) {
                return real;
            }
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        try {
                            Object result = method.invoke(real, arguments);
                            if (method.getName().equals("commit")) {
                                real.close();
                                throw new SQLException("Connection reset", "08000");
                            }
                            return result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        };
    }

    private Database database(MariaDbServer target) {
        return new Database(timeout -> connect(target, timeout), clock);
    }

    private Connection connect(MariaDbServer target, Duration timeout) throws SQLException {
        opened.incrementAndGet();
        return target.address()
                .connect(MariaDbServer.MASTER, MariaDbServer.MASTER_PASSWORD, timeout, Duration.ofSeconds(5));
    }

    private static long connectionId(Database database) {
        return database.read(soon(), DatabaseTest::id);
    }

    private static long id(Handle handle) {
        return handle.createQuery("SELECT CONNECTION_ID()").mapTo(Long.class).one();
    }

    private static List<String> notes(Database database) {
        return database.read(
                soon(), handle -> handle.createQuery("SELECT text FROM notes ORDER BY id").mapTo(String.class).list());
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10));
    }
}
