package webapp.core.database;

import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import webapp.core.configuration.Configuration;
import webapp.core.problem.ProblemException;
import webapp.core.time.Deadline;

/**
 * The function's one connection to MySQL. An execution environment serves one request at a time, so a pool would hold connections
 * that nobody uses; should requests come in parallel they take turns.
 *
 * <p>The connection is opened by the first request that needs it, with a fresh IAM token, and replaced when it is broken or
 * {@linkplain #MAXIMUM_AGE old}. A transaction that fails with its link, in a failover or in a deadlock is run again as a whole on
 * a good connection, while the request's deadline allows; when no try succeeds the request ends with a 503. So it does when the deadline
 * passes between two statements: however many a transaction has, it ends before the function's time does.
 *
 * <p>Safe for use by several threads.
 */
public final class Database implements AutoCloseable {
    /**
     * A login proves what the role may do at that moment. Within the life of one token (15 minutes) it is proved anew, so that a
     * revoked {@code rds-db:connect} takes effect as soon as it would for a token; it is also below the half hour after which RDS Proxy
     * drops an idle client.
     */
    static final Duration MAXIMUM_AGE = Duration.ofMinutes(14);

    /** A connection that answered this recently is used without a ping: a broken one is found by the retry. */
    private static final Duration TRUSTED_IDLE = Duration.ofMillis(500);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** What a call that was begun in time, or ends the transaction, may take at least; well below what the Router keeps in reserve. */
    private static final Duration LAST_CALL = Duration.ofMillis(100);

    private static final int ATTEMPTS = 4;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2000;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Connector connector;
    private final Clock clock;
    private final Jdbi jdbi;
    private final ReentrantLock turn = new ReentrantLock(true);

    /** Its seed is renewed after a restore, unlike ThreadLocalRandom's: environments of one snapshot must not pause in step. */
    private final SecureRandom random = new SecureRandom();

    private volatile Connection connection;
    private long openedMillis;
    private long usedMillis;

    /** Of whoever has the turn. */
    private Deadline deadline;

    /** @param connector opens a connection; its failures are classified as those of a statement */
    public Database(Connector connector, Clock clock) {
        this.connector = connector;
        this.clock = clock;
        this.jdbi = Jdbi.create((ConnectionFactory) new Lent());
        // The default text of a Jdbi exception has the bound values, which are personal data; the text goes to the log.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        jdbi.setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                try {
                    boundNextCall();
                } catch (SQLException e) {
                    throw new UnableToExecuteStatementException(e, context);
                }
            }
        });
    }

    /** The database of {@code DATABASE_HOST}, {@code _PORT} and {@code _NAME}, as the IAM user {@code DATABASE_USER}. Opens nothing yet. */
    public static Database of(Configuration configuration) {
        return new Database(Connector.of(configuration), Clock.systemUTC());
    }

    /** Runs statements that only read, each in its own transaction. */
    public <T> T read(Deadline deadline, Function<Handle, T> work) {
        return run(deadline, false, true, work);
    }

    /**
     * Runs a transaction. It is not repeated once COMMIT was sent: if the link breaks then, nobody knows whether it took effect,
     * and the request ends with a 503.
     */
    public <T> T write(Deadline deadline, Function<Handle, T> work) {
        return run(deadline, true, false, work);
    }

    /** Runs a transaction that gives the same result when it is run twice, and so is repeated even after a COMMIT without an answer. */
    public <T> T writeIdempotently(Deadline deadline, Function<Handle, T> work) {
        return run(deadline, true, true, work);
    }

    private <T> T run(Deadline deadline, boolean transaction, boolean repeatableAfterCommit, Function<Handle, T> work) {
        takeTurn(deadline);
        this.deadline = deadline;
        try {
            boolean loginRefused = false;
            for (int attempt = 1; ; attempt++) {
                Attempt<T> tried = new Attempt<>(transaction, work);
                try {
                    return tried.run(deadline);
                } catch (SQLException | IOException | RuntimeException e) {
                    Failure failure = e instanceof IOException ? Failure.LINK : Failure.of(e);
                    if (failure.evicts()) {
                        evict();
                    } else {
                        // It has just answered, and needs no ping.
                        usedMillis = clock.millis();
                        rollBack(transaction);
                    }
                    if (!failure.retryable()) {
                        throw e instanceof RuntimeException thrown ? thrown : ProblemException.internalError(e);
                    }
                    long pause = pauseMillis(attempt);
                    if (attempt == ATTEMPTS
                            || failure == Failure.LOGIN_REFUSED && loginRefused
                            || tried.commitSent && !repeatableAfterCommit
                            || deadline.remainingMillis() <= pause) {
                        throw ProblemException.serviceUnavailable(RETRY_AFTER_SECONDS, e);
                    }
                    loginRefused |= failure == Failure.LOGIN_REFUSED;
                    pause(pause);
                }
            }
        } finally {
            turn.unlock();
        }
    }

    /** One try of a transaction; remembers whether its COMMIT went out. */
    private final class Attempt<T> {
        private final boolean transaction;
        private final Function<Handle, T> work;
        private boolean commitSent;

        private Attempt(boolean transaction, Function<Handle, T> work) {
            this.transaction = transaction;
            this.work = work;
        }

        private T run(Deadline deadline) throws SQLException, IOException {
            Connection current = validConnection(deadline);
            if (transaction) {
                boundNextCall();
                current.setAutoCommit(false);
            }
            T result;
            try (Handle handle = jdbi.open()) {
                result = work.apply(handle);
            }
            if (transaction) {
                boundNextCall();
                commitSent = true;
                current.commit();
                current.setNetworkTimeout(Runnable::run, bounded(DatabaseServer.ANSWER_TIMEOUT, deadline));
                current.setAutoCommit(true);
            }
            usedMillis = clock.millis();
            return result;
        }
    }

    private Connection validConnection(Deadline deadline) throws SQLException, IOException {
        Connection current = connection;
        if (current != null) {
            // The wall clock, because an environment may be frozen between two requests, and a monotonic clock with it.
            long now = clock.millis();
            if (now - openedMillis >= MAXIMUM_AGE.toMillis()
                    || now - usedMillis > TRUSTED_IDLE.toMillis() && !current.isValid(1)) {
                evict();
            }
        }
        if (connection == null) {
            connection = connector.open(Duration.ofMillis(bounded(CONNECT_TIMEOUT, deadline)));
            openedMillis = clock.millis();
            usedMillis = openedMillis;
        }
        return connection;
    }

    /**
     * Sees to it that what is sent next is answered by the deadline.
     *
     * @throws ProblemException 503 if that has passed already, so that nothing is to be sent
     */
    private void boundNextCall() throws SQLException {
        if (deadline.remainingMillis() <= 0) {
            throw ProblemException.serviceUnavailable(
                    RETRY_AFTER_SECONDS, new IllegalStateException("the request's deadline passed before its last statement"));
        }
        connection.setNetworkTimeout(Runnable::run, bounded(DatabaseServer.ANSWER_TIMEOUT, deadline));
    }

    private static int bounded(Duration longest, Deadline deadline) {
        return (int) Math.max(LAST_CALL.toMillis(), Math.min(longest.toMillis(), deadline.remainingMillis()));
    }

    private void takeTurn(Deadline deadline) {
        try {
            if (turn.tryLock(Math.max(0, deadline.remainingMillis()), TimeUnit.MILLISECONDS)) {
                return;
            }
            throw ProblemException.serviceUnavailable(
                    RETRY_AFTER_SECONDS, new IllegalStateException("the connection was in use until the request's deadline"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.serviceUnavailable(RETRY_AFTER_SECONDS, e);
        }
    }

    /** Full jitter: any pause up to a bound that doubles, so that environments which failed together do not return together. */
    private long pauseMillis(int attempt) {
        return random.nextLong(Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << attempt - 1) + 1);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.serviceUnavailable(RETRY_AFTER_SECONDS, e);
        }
    }

    private void rollBack(boolean transaction) {
        Connection current = connection;
        if (!transaction || current == null) {
            return;
        }
        try {
            current.setNetworkTimeout(Runnable::run, (int) LAST_CALL.toMillis());
            current.rollback();
            current.setAutoCommit(true);
        } catch (SQLException e) {
            evict();
        }
    }

    private void evict() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                // It was broken already; the server ends its half by itself.
            }
        }
    }

    /** Closes the connection; the next request opens another. A connection in use is cut off. */
    @Override
    public void close() {
        if (turn.tryLock()) {
            try {
                evict();
            } finally {
                turn.unlock();
            }
            return;
        }
        Connection current = connection;
        if (current != null) {
            try {
                current.abort(Runnable::run);
            } catch (SQLException e) {
                // Its user finds it broken, which is what is wanted.
            }
        }
    }

    /** Lends Jdbi the connection, and keeps it when Jdbi gives it back. */
    private final class Lent implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection lent) {
            // It serves the next request.
        }
    }
}
