package webapp.core.database;

import java.sql.SQLException;

/** What a failed statement or login means for the connection and for a second try. */
enum Failure {
    /** The link broke, or the server is full: the transaction is gone with it. */
    LINK(true, true),
    /** The server became a reader: a new connection finds the new writer. */
    DEMOTED(true, true),
    /** The server gave this transaction up in favour of another. */
    CONFLICT(false, true),
    /** The login was refused: worth one fresh token, in case the role's credentials had just expired. */
    LOGIN_REFUSED(true, true),
    /** The statement is wrong, or a constraint holds: it would fail again. */
    STATEMENT(false, false);

    private final boolean evicts;
    private final boolean retryable;

    Failure(boolean evicts, boolean retryable) {
        this.evicts = evicts;
        this.retryable = retryable;
    }

    /** The state comes first: a broken link carries no usable vendor code. */
    static Failure of(Throwable failure) {
        SQLException sql = cause(failure);
        if (sql == null) {
            return STATEMENT;
        }
        String state = sql.getSQLState();
        if (state != null && state.startsWith("08")) {
            return LINK;
        }
        return switch (sql.getErrorCode()) {
            case 1040, 1053, 9501 -> LINK; // too many connections, shutting down, RDS Proxy has none to lend
            case 1290, 1836 -> DEMOTED; // read only
            case 1205, 1213 -> CONFLICT; // lock wait timeout, deadlock
            case 1045 -> LOGIN_REFUSED;
            default -> STATEMENT;
        };
    }

    private static SQLException cause(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    boolean evicts() {
        return evicts;
    }

    boolean retryable() {
        return retryable;
    }
}
