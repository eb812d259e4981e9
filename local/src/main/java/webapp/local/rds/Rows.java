package webapp.local.rds;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows in memory, by table ({@code database.table}). Tests change them through {@link #table} before or after a snapshot. */
public final class Rows implements Data {
    private final Map<String, List<String>> tables = new TreeMap<>();
    private final Endpoint endpoint;

    public Rows() {
        this(null);
    }

    private Rows(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The rows of a table, made when there is none; changes to the list are changes to the table. */
    public synchronized List<String> table(String name) {
        return tables.computeIfAbsent(name, n -> new ArrayList<>());
    }

    public synchronized void drop(String table) {
        tables.remove(table);
    }

    /** A copy of all tables. */
    public synchronized Map<String, List<String>> tables() {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        tables.forEach((name, rows) -> copy.put(name, List.copyOf(rows)));
        return copy;
    }

    @Override
    public Backup backup() {
        return new Copy(tables());
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    private record Copy(Map<String, List<String>> tables) implements Backup {
        @Override
        public Data restore(String identifier) {
            Rows restored = new Rows(new Endpoint(identifier + ".restored.rds.amazonaws.com", 3306));
            tables.forEach((name, rows) -> restored.tables.put(name, new ArrayList<>(rows)));
            return restored;
        }

        @Override
        public Map<String, byte[]> export(List<String> only) {
            Map<String, byte[]> objects = new TreeMap<>();
            tables.forEach((name, rows) -> {
                String database = name.contains(".") ? name.substring(0, name.indexOf('.')) : "mysql";
                if (only.isEmpty() || only.contains(name) || only.contains(database)) {
                    objects.put(database + "/" + name + "/1/part-00000.gz.parquet", String.join("\n", rows).getBytes(UTF_8));
                }
            });
            return objects;
        }
    }
}
