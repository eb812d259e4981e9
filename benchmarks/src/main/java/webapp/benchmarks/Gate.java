package webapp.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A limit that a release holds.
 *
 * @param unit what {@code measured} and {@code limit} are in: a ratio, or milliseconds or megabytes
 */
record Gate(String what, double measured, double limit, String unit) {
    boolean held() {
        return measured <= limit;
    }

    String text() {
        return String.format(Locale.ROOT, "%s: %.2f%s, limit %s%s", what, measured, unit,
                limit == Math.rint(limit) ? Long.toString((long) limit) : Double.toString(limit), unit);
    }

    /** The gates of what was measured; those of AOT are there if a cache could be made. */
    static List<Gate> of(Map<String, Results> results, long apiJarBytes) {
        Results python = results.get(Variants.PYTHON);
        Results users = results.get(Variants.USERS);
        Results restored = results.get(Variants.USERS_RESTORED);
        List<Gate> gates = new ArrayList<>();
        gates.add(new Gate("cold, JDBC on the zip, to Python", results.get(Variants.JDBC).coldMillis() / python.coldMillis(), 5, " x"));
        gates.add(new Gate("cold, `users` on the zip, to Python", users.coldMillis() / python.coldMillis(), 7, " x"));
        if (results.containsKey(Variants.JDBC_AOT)) {
            gates.add(new Gate("cold, JDBC with AOT, to Python",
                    results.get(Variants.JDBC_AOT).coldMillis() / python.coldMillis(), 3, " x"));
        }
        gates.add(new Gate("first answer after a restore", restored.coldMillis(), 40, " ms"));
        gates.add(new Gate("first answer after a restore, to Python's cold start", restored.coldMillis() / python.coldMillis(), 1, " x"));
        gates.add(new Gate("warm p50, `users`, to Python", users.warmMillis(50) / python.warmMillis(50), 1.1, " x"));
        gates.add(new Gate("warm p50, `users`, to bare JDBC",
                users.warmMillis(50) / results.get(Variants.BARE).warmMillis(50), 1.3, " x"));
        gates.add(new Gate("resident after the warm calls, `users`", users.warmMegabytes(), 130, " MB"));
        gates.add(new Gate("dist/api.jar", apiJarBytes / 1e6, 6, " MB"));
        return gates;
    }
}
