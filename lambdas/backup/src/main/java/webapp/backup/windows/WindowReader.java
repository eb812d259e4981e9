package webapp.backup.windows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import webapp.core.time.Deadline;

/**
 * Measures windows in one read-only transaction, each table in one pass, and ends by its deadline whatever the size of the tables. What is wrong with
 * a table is told of its windows; only a lost connection ends the whole.
 */
final class WindowReader {
    private static final DateTimeFormatter LITERAL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** TO_SECONDS counts from the year 0. */
    private static final long SECONDS_TO_1970 = 62_167_219_200L;

    private static final Set<String> TIMES = Set.of("date", "datetime", "timestamp");
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(64);

    /** How much longer than the server's own limit its answer may be on its way. */
    private static final int ANSWER_MILLIS = 2000;

    private static final int UNKNOWN_SYSTEM_VARIABLE = 1193;
    private static final int RESULT_LONGER_THAN_PACKET = 1301;

    private final Connection connection;
    private final Deadline deadline;

    /** @param connection of its own: the session's settings are changed, and its transaction stays open until it is closed */
    WindowReader(Connection connection, Deadline deadline) throws SQLException {
        this.connection = connection;
        this.deadline = deadline;
        limitTime();
        // What the text of a value depends on, lest the two databases' parameter groups make the difference.
        execute("SET SESSION time_zone = '+00:00', sql_mode = 'NO_ENGINE_SUBSTITUTION'");
        execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
        execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    }

    /** The database's own time, in whole seconds. */
    Instant now() throws SQLException {
        limitTime();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT TO_SECONDS(UTC_TIMESTAMP())")) {
            row.next();
            return moment(row.getLong(1));
        }
    }

    private static Instant moment(long seconds) {
        return Instant.ofEpochSecond(seconds - SECONDS_TO_1970);
    }

    /**
     * @param windows of this table, in any order, none overlapping another
     * @return one for each, in the order of their time
     * @throws SQLException only if the connection is lost
     */
    List<MeasuredWindow> measure(WatchedTable table, List<Window> windows) throws SQLException {
        NavigableMap<Long, Window> byStart = new TreeMap<>();
        windows.forEach(window -> byStart.put(window.from().getEpochSecond(), window));
        try {
            String obstacle = obstacle(table);
            return obstacle == null ? measured(table, byStart) : failed(byStart, obstacle);
        } catch (SQLException e) {
            return failed(byStart, explained(table, e));
        }
    }

    /** @return null if there is none, or the table cannot be read */
    Instant newest(WatchedTable table, Instant notAfter) throws SQLException {
        String column = WatchedTable.quoted(table.column());
        String sql = "SELECT TO_SECONDS(MAX(" + column + ")) FROM " + WatchedTable.quoted(table.table()) + " WHERE " + column + " <= ?";
        try {
            if (obstacle(table) != null) {
                return null;
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, LITERAL.format(notAfter));
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    long seconds = row.getLong(1);
                    return row.wasNull() ? null : moment(seconds);
                }
            }
        } catch (SQLException e) {
            explained(table, e);
            return null;
        }
    }

    private List<MeasuredWindow> measured(WatchedTable table, NavigableMap<Long, Window> windows) throws SQLException {
        TreeSet<Long> bounds = new TreeSet<>(windows.keySet());
        windows.values().forEach(window -> bounds.add(window.to().getEpochSecond()));
        List<Long> starts = List.copyOf(bounds);
        Map<Long, MeasuredWindow> found = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(query(table, starts))) {
            statement.setString(1, LITERAL.format(Instant.ofEpochSecond(bounds.first())));
            statement.setString(2, LITERAL.format(Instant.ofEpochSecond(bounds.last())));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    long start = starts.get(row.getInt(1) - 1);
                    Window window = windows.get(start);
                    // Between two windows there may be room.
                    if (window != null) {
                        found.put(start, MeasuredWindow.of(window, row.getLong(2), checksum(row.getBigDecimal(3))));
                    }
                }
            }
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                if (warning.getErrorCode() == RESULT_LONGER_THAN_PACKET) {
                    // Such rows have no hash, and so do not count: the checksum would be none.
                    return failed(windows, "a row is longer than max_allowed_packet: leave its long columns out of columns");
                }
            }
        }
        List<MeasuredWindow> measured = new ArrayList<>();
        windows.forEach((start, window) ->
                measured.add(found.getOrDefault(start, MeasuredWindow.of(window, 0, checksum(BigDecimal.ZERO)))));
        return measured;
    }

    /**
     * A row's hash is of the quoted values, which tells NULL from a text that says so, and a value's comma from the one between two. The sum of them
     * knows no order, and unlike an exclusive or does not lose two rows that are alike. Hashes are of bytes: columns of two character sets may not be
     * joined as texts.
     */
    private static String query(WatchedTable table, List<Long> starts) {
        String column = WatchedTable.quoted(table.column());
        StringBuilder sql = new StringBuilder("SELECT INTERVAL(TO_SECONDS(").append(column).append(')');
        starts.forEach(start -> sql.append(", ").append(start + SECONDS_TO_1970));
        sql.append("), COUNT(*), SUM(CAST(CONV(LEFT(SHA2(CONCAT_WS(','");
        table.columns().forEach(name -> sql.append(", CAST(QUOTE(").append(WatchedTable.quoted(name)).append(") AS BINARY)"));
        return sql.append("), 256), 16), 16, 10) AS UNSIGNED)) FROM ")
                .append(WatchedTable.quoted(table.table()))
                .append(" WHERE ").append(column).append(" >= ? AND ").append(column).append(" < ? GROUP BY 1")
                .toString();
    }

    private static String checksum(BigDecimal sum) {
        BigInteger value = sum == null ? BigInteger.ZERO : sum.toBigInteger().mod(MODULUS);
        return String.format(Locale.ROOT, "%016x", value);
    }

    /** @return why the table cannot be measured, null if it can */
    private String obstacle(WatchedTable table) throws SQLException {
        if (deadline.remainingMillis() <= 0) {
            return "no time was left to measure it: raise the function's timeout, watch fewer tables, or index " + table.column();
        }
        limitTime();
        Map<String, String> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?")) {
            statement.setString(1, table.table());
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    types.put(row.getString(1), row.getString(2).toLowerCase(Locale.ROOT));
                }
            }
        }
        if (types.isEmpty()) {
            return "table is missing, or the user may not read it";
        }
        if (!types.containsKey(table.column())) {
            return "column " + table.column() + " is missing";
        }
        for (String column : table.columns()) {
            if (!types.containsKey(column)) {
                return "column " + column + " is missing";
            }
        }
        String type = types.get(table.column());
        return TIMES.contains(type) ? null : "column " + table.column() + " is of type " + type + ": windows need datetime, timestamp or date";
    }

    private static List<MeasuredWindow> failed(NavigableMap<Long, Window> windows, String error) {
        return windows.values().stream().map(window -> MeasuredWindow.failed(window, error)).toList();
    }

    /** @throws SQLException the same, if the connection is lost */
    private static String explained(WatchedTable table, SQLException failure) throws SQLException {
        if (failure.getSQLState() != null && failure.getSQLState().startsWith("08")) {
            throw failure;
        }
        return switch (failure.getErrorCode()) {
            case 1969, 3024 -> "it took longer than the function has: raise the function's timeout, watch fewer tables, or index "
                    + table.column();
            case 1146 -> "table is missing";
            default -> failure.getErrorCode() + ": " + failure.getMessage();
        };
    }

    /** MySQL and MariaDB have different names and units for it. */
    private void limitTime() throws SQLException {
        long millis = Math.max(1, deadline.remainingMillis());
        connection.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, millis + ANSWER_MILLIS));
        try {
            execute("SET SESSION max_execution_time = " + millis);
        } catch (SQLException e) {
            if (e.getErrorCode() != UNKNOWN_SYSTEM_VARIABLE) {
                throw e;
            }
            execute("SET SESSION max_statement_time = " + BigDecimal.valueOf(millis, 3).toPlainString());
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
