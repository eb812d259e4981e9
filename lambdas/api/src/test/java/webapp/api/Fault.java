package webapp.api;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import webapp.core.database.Connector;

/**
 * A function's way to the database, on which the calls that reach the server (statements and COMMIT) are counted, and one of them goes
 * wrong. The server is real: a broken link is one whose socket was closed, before the call was sent or after it was carried out.
 */
public final class Fault implements Connector {
    /** What happens around a call. */
    @FunctionalInterface
    public interface Around {
        Object run(int number, String call, Callable<Object> target, Connection connection) throws Exception;
    }

    private final Connector target;
    private final Around around;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean dead;

    public Fault(Connector target, Around around) {
        this.target = target;
        this.around = around;
    }

    /** The function is killed at one call: its socket closes, and it never opens another. */
    public static Fault killedAt(Connector target, int call, boolean carriedOut) {
        Fault[] fault = new Fault[1];
        fault[0] = new Fault(target, (number, name, statement, connection) -> {
            if (number != call) {
                return statement.call();
            }
            fault[0].dead = true;
            return broken(carriedOut, statement, connection);
        });
        return fault[0];
    }

    /** The link breaks at the first COMMIT, after the server carried it out; the function lives and may connect again. */
    public static Fault losingTheFirstCommitsAnswer(Connector target) {
        AtomicInteger commits = new AtomicInteger();
        return new Fault(target, (number, name, statement, connection) -> name.equals("commit") && commits.incrementAndGet() == 1
                ? broken(true, statement, connection)
                : statement.call());
    }

    private static Object broken(boolean carriedOut, Callable<Object> statement, Connection connection) throws Exception {
        if (carriedOut) {
            statement.call();
        }
        connection.abort(Runnable::run);
        throw new SQLException("Connection reset", "08000");
    }

    /** How many calls reached the server. */
    public int calls() {
        return calls.get();
    }

    @Override
    public Connection open(Duration timeout) throws SQLException, IOException {
        if (dead) {
            throw new SQLException("the function is dead", "08000");
        }
        Connection connection = target.open(timeout);
        return proxy(Connection.class, connection, connection);
    }

    private <T> T proxy(Class<T> type, T real, Connection connection) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Callable<Object> call = () -> {
                try {
                    return method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            };
            if (method.getName().equals("execute") || method.getName().equals("commit")) {
                return around.run(calls.incrementAndGet(), method.getName(), call, connection);
            }
            Object result = call.call();
            return result instanceof PreparedStatement statement
                    ? proxy(PreparedStatement.class, statement, connection)
                    : result;
        }));
    }
}
