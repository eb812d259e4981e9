package webapp.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is wanted of a figure, and what a run may not exceed.
 *
 * @param unit what {@code measured}, {@code goal} and {@code limit} are in: a ratio, or milliseconds or megabytes
 * @param limit with head-room above what is reached, for a busy machine: beyond it something got worse
 */
record Gate(String what, double measured, String unit, double goal, double limit) {
    boolean held() {
        return measured <= limit;
    }

    boolean reached() {
        return measured <= goal;
    }

    String text() {
        return String.format(Locale.ROOT, "%s: %.2f%s, goal %s, limit %s", what, measured, unit, number(goal), number(limit));
    }

    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** The gates of what was measured; those of AOT are there if a cache could be made. */
    static List<Gate> of(Map<String, Results> results, long apiJarBytes) throws IOException {
        Results python = results.get(Variants.PYTHON);
        Results users = results.get(Variants.USERS);
        Results restored = results.get(Variants.USERS_RESTORED);
        List<Gate> gates = new ArrayList<>();
        gates.add(new Gate("cold, JDBC on the zip, to Python", results.get(Variants.JDBC).coldMillis() / python.coldMillis(), " x", 5, 9));
        gates.add(new Gate("cold, `users` on the zip, to Python", users.coldMillis() / python.coldMillis(), " x", 7, 13));
        if (results.containsKey(Variants.JDBC_AOT)) {
            gates.add(new Gate("cold, JDBC with AOT, to Python",
                    results.get(Variants.JDBC_AOT).coldMillis() / python.coldMillis(), " x", 3, 6));
        }
        gates.add(new Gate("first answer after a restore", restored.coldMillis(), " ms", 40, 80));
        gates.add(new Gate("first answer after a restore, to Python's cold start", restored.coldMillis() / python.coldMillis(), " x", 1, 1));
        gates.add(new Gate("warm p50, `users`, to Python", users.warmMillis(50) / python.warmMillis(50), " x", 1.1, 1.6));
        gates.add(new Gate("warm p50, `users`, to bare JDBC",
                users.warmMillis(50) / results.get(Variants.BARE).warmMillis(50), " x", 1.3, 1.7));
        Results catalog = results.get(Variants.CATALOG);
        Results catalogRestored = results.get(Variants.CATALOG_RESTORED);
        Results spring = results.get(Variants.SPRING);
        gates.add(new Gate("cold, `catalog` on the zip, to Spring Boot", catalog.coldMillis() / spring.coldMillis(), " x", 0.3, 0.5));
        gates.add(new Gate("first answer after a restore, `catalog` to Spring Boot",
                catalogRestored.coldMillis() / results.get(Variants.SPRING_RESTORED).coldMillis(), " x", 0.8, 1.2));
        gates.add(new Gate("warm p50, `catalog` to Spring Boot", catalog.warmMillis(50) / spring.warmMillis(50), " x", 0.7, 1));
        gates.add(new Gate("warm p99, `catalog` to Spring Boot", catalog.warmMillis(99) / spring.warmMillis(99), " x", 1, 2));
        gates.add(new Gate("resident after 3,000 calls, `catalog` to Spring Boot",
                catalog.warmUpMegabytes() / spring.warmUpMegabytes(), " x", 0.7, 0.9));
        gates.add(new Gate("deployed, `catalog` to Spring Boot", (double) catalog.variant().size() / spring.variant().size(), " x", 0.2, 0.3));
        gates.add(new Gate("resident after 3,000 calls, `users`", users.warmUpMegabytes(), " MB", 130, 130));
        gates.addAll(ofTicks(results));
        gates.add(new Gate("dist/api.jar", apiJarBytes / 1e6, " MB", 6, 6));
        return gates;
    }

    /** Those of the scheduler of backups. It is to stay below 160 MB, for one of fifty databases in an environment that lives for hours. */
    static List<Gate> ofTicks(Map<String, Results> results) {
        Results tick = results.get(Variants.TICK);
        return List.of(
                new Gate("first tick of the scheduler of backups, to Python with boto3",
                        tick.coldMillis() / results.get(Variants.TICK_PYTHON).coldMillis(), " x", 4, 6),
                new Gate("resident after " + tick.calls() + " ticks, the scheduler of backups", tick.warmMegabytes(), " MB", 130, 145));
    }
}
