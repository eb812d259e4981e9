package webapp.backup.windows;

import java.time.Instant;
import java.util.Objects;

/** The rows of a table that were inserted from one moment on and before another; both in whole seconds. */
public record Window(String table, Instant from, Instant to) {
    /** @throws IllegalArgumentException unless it begins before it ends */
    public Window {
        Objects.requireNonNull(table, "table");
        if (from == null || to == null || !from.isBefore(to) || from.getNano() != 0 || to.getNano() != 0) {
            throw new IllegalArgumentException("the window of " + table + " is from " + from + " to " + to
                    + ": give two moments in whole seconds, the earlier first");
        }
    }
}
