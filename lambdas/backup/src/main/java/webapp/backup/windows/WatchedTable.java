package webapp.backup.windows;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A table whose rows stay as they were inserted.
 *
 * @param column when a row was inserted, in UTC: of type DATETIME, TIMESTAMP or DATE
 * @param columns what must not change
 */
public record WatchedTable(String table, String column, List<String> columns) {
    static final int MAXIMUM_COLUMNS = 64;

    /** What MySQL takes without quotes, bar letters beyond ASCII; it is quoted nevertheless, for the names that are key words. */
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_$]{1,64}");

    /** @throws IllegalArgumentException if a name is none, or there are no columns, or too many */
    public WatchedTable {
        columns = List.copyOf(columns);
        requireIdentifier("table", table);
        requireIdentifier("column of " + table, column);
        columns.forEach(name -> requireIdentifier("column of " + table, name));
        if (columns.isEmpty() || columns.size() > MAXIMUM_COLUMNS) {
            throw new IllegalArgumentException(
                    "table " + table + " has " + columns.size() + " columns: name 1-" + MAXIMUM_COLUMNS + " whose values must not change");
        }
    }

    private static void requireIdentifier(String what, String name) {
        if (name == null || !IDENTIFIER.matcher(name).matches()) {
            throw new IllegalArgumentException(what + " is '" + name + "': name it by 1-64 letters, digits, _ and $");
        }
    }

    static String quoted(String identifier) {
        return "`" + identifier + "`";
    }
}
