package webapp.backup.windows;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import webapp.backup.json.Fields;
import webapp.core.configuration.Configuration;
import webapp.core.database.Connector;
import webapp.core.time.Deadline;

/**
 * Logs in to a database by IAM and tells what windows of its tables hold: {@code {"record": {...}}} measures the latest closed ones,
 * {@code {"check": {...}}} those that are given (without tables, only the login). It only reads, and runs inside the VPC. A table that is missing is a finding in the answer; a login that
 * is refused or a connection that is lost is thrown.
 */
public final class WindowsHandler implements RequestStreamHandler {
    static final int MAXIMUM_TABLES = 20;

    /** What is recorded has to fit an item of DynamoDB (400 KB). */
    static final int MAXIMUM_WINDOWS = 1000;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Of the function's time, kept for the answer. */
    private static final Duration RESERVE = Duration.ofSeconds(5);

    /** Says how to log in. */
    @FunctionalInterface
    interface Login {
        /** @param configuration has the variables of {@link Connector#of} */
        Connector connector(Configuration configuration);
    }

    private final Map<String, String> environment;
    private final Login login;

    /** Lambda's; {@code AWS_REGION} is that of the database. */
    public WindowsHandler() {
        this(System.getenv(), Connector::of);
    }

    WindowsHandler(Map<String, String> environment, Login login) {
        this.environment = environment;
        this.login = login;
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        Fields event = Fields.read(input);
        Deadline deadline = Deadline.in(Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE));
        boolean check = event.has("check");
        Fields request = event.object(check ? "check" : "record");
        WindowsAnswer answer = check ? new Check(request).answer(deadline) : new Record(request).answer(deadline);
        output.write(answer.json().getBytes(StandardCharsets.UTF_8));
    }

    /** Work inside the transaction. */
    @FunctionalInterface
    private interface Work {
        WindowsAnswer with(WindowReader reader) throws SQLException;
    }

    private WindowsAnswer read(Fields request, Deadline deadline, Work work) throws IOException {
        String host = request.text("host");
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("DATABASE_HOST", host);
        variables.put("DATABASE_PORT", Long.toString(request.number("port", 1, 65_535)));
        variables.put("DATABASE_NAME", request.text("database"));
        variables.put("DATABASE_USER", request.text("user"));
        variables.put("AWS_REGION", environment.get("AWS_REGION"));
        try (Connection connection = login.connector(new Configuration(variables)).open(CONNECT_TIMEOUT)) {
            return work.with(new WindowReader(connection, deadline));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot measure windows of " + host + ": " + e.getMessage(), e);
        }
    }

    private static List<WatchedTable> tables(Fields request, int windowsOfEach) {
        List<WatchedTable> tables = WindowsAnswer.tables(request);
        if (tables.size() > MAXIMUM_TABLES || tables.size() * (long) windowsOfEach > MAXIMUM_WINDOWS) {
            throw new IllegalArgumentException(tables.size() + " tables with " + windowsOfEach + " windows each: watch at most " + MAXIMUM_TABLES
                    + " tables and at most " + MAXIMUM_WINDOWS + " windows in all");
        }
        if (tables.stream().map(WatchedTable::table).distinct().count() < tables.size()) {
            throw new IllegalArgumentException("a table is watched twice");
        }
        return tables;
    }

    /** The latest windows that no row will be added to any more. */
    private final class Record {
        private final Fields request;
        private final ChronoUnit unit;
        private final int count;
        private final Duration settle;
        private final List<WatchedTable> tables;

        private Record(Fields request) {
            this.request = request;
            this.unit = request.choice("unit", List.of("day", "hour")).equals("day") ? ChronoUnit.DAYS : ChronoUnit.HOURS;
            this.count = (int) request.number("count", 1, MAXIMUM_WINDOWS);
            this.settle = Duration.ofMinutes(request.number("settleMinutes", 0, 7 * 24 * 60));
            this.tables = tables(request, count);
        }

        private WindowsAnswer answer(Deadline deadline) throws IOException {
            return read(request, deadline, reader -> {
                Instant watermark = reader.now().minus(settle).truncatedTo(unit);
                List<MeasuredWindow> measured = new ArrayList<>();
                for (WatchedTable table : tables) {
                    List<Window> windows = new ArrayList<>();
                    for (int i = count; i > 0; i--) {
                        windows.add(new Window(table.table(), watermark.minus(i, unit), watermark.minus(i - 1L, unit)));
                    }
                    measured.addAll(reader.measure(table, windows));
                }
                return new WindowsAnswer(tables, measured, watermark, Map.of());
            });
        }
    }

    /** Given windows, and how new the data are. */
    private final class Check {
        private final Fields request;
        private final List<WatchedTable> tables;
        private final Map<String, List<Window>> windows = new LinkedHashMap<>();

        private Check(Fields request) {
            this.request = request;
            this.tables = tables(request, 1);
            tables.forEach(table -> windows.put(table.table(), new ArrayList<>()));
            List<Fields> given = request.elements("windows");
            if (given.size() > MAXIMUM_WINDOWS) {
                throw new IllegalArgumentException(given.size() + " windows: give at most " + MAXIMUM_WINDOWS);
            }
            given.stream().map(WindowsAnswer::window).forEach(window -> {
                if (!windows.containsKey(window.table())) {
                    throw new IllegalArgumentException("a window is of table " + window.table() + ", which is not among the tables");
                }
                windows.get(window.table()).add(window);
            });
            windows.values().forEach(Check::requireApart);
        }

        private static void requireApart(List<Window> windows) {
            List<Window> ordered = windows.stream().sorted((one, other) -> one.from().compareTo(other.from())).toList();
            for (int i = 1; i < ordered.size(); i++) {
                if (ordered.get(i).from().isBefore(ordered.get(i - 1).to())) {
                    throw new IllegalArgumentException("windows overlap: " + ordered.get(i - 1) + " and " + ordered.get(i));
                }
            }
        }

        private WindowsAnswer answer(Deadline deadline) throws IOException {
            return read(request, deadline, reader -> {
                Instant notAfter = request.has("notAfter") ? request.instant("notAfter") : reader.now();
                List<MeasuredWindow> measured = new ArrayList<>();
                Map<String, Instant> newest = new LinkedHashMap<>();
                for (WatchedTable table : tables) {
                    if (!windows.get(table.table()).isEmpty()) {
                        measured.addAll(reader.measure(table, windows.get(table.table())));
                    }
                    Instant row = reader.newest(table, notAfter);
                    if (row != null) {
                        newest.put(table.table(), row);
                    }
                }
                return new WindowsAnswer(tables, measured, null, newest);
            });
        }
    }
}
