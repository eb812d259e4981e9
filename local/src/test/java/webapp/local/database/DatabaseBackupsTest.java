package webapp.local.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static webapp.local.database.BridgedDatabase.HOST;
import static webapp.local.database.BridgedDatabase.ROLE;
import static webapp.local.database.BridgedDatabase.SESSION;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import webapp.local.database.DatabaseInstances.DatabaseInstance;

/** Snapshots of the real server, and servers restored from them, as local AWS asks for them. */
class DatabaseBackupsTest {
    private static final String USER = "backups_reader";
    private static final String RESTORED_HOST = "drill.local0stack0.us-west-2.rds.amazonaws.com";
    private static final String RESTORED_RESOURCE = "arn:aws:rds-db:us-west-2:000000000000:dbuser:db-DRILL/" + USER;
    private static final String RESTORE = "/servers/db-DRILL?snapshot=key-1&host=" + RESTORED_HOST;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Queue<Set<String>> hosts = new ConcurrentLinkedQueue<>();
    private final List<String> log = new ArrayList<>();
    private BridgedDatabase database;
    private DatabaseBackups backups;

    @TempDir
    private Path directory;

    @BeforeEach
    void start() throws Exception {
        database = new BridgedDatabase();
        database.createApplicationUser(USER);
        execute("CREATE DATABASE backed", "CREATE TABLE backed.orders (id INT PRIMARY KEY, note TEXT)",
                "INSERT INTO backed.orders VALUES (1, 'tab\\tand ü'), (2, NULL)", "CREATE TABLE backed.people (name TEXT)",
                "INSERT INTO backed.people VALUES ('Ada')", "CREATE DATABASE other", "CREATE TABLE other.things (name TEXT)",
                "GRANT SELECT ON backed.* TO " + USER);
        open();
    }

    @AfterEach
    void stop() throws Exception {
        backups.close();
        execute("DROP DATABASE backed", "DROP DATABASE other", "DROP USER " + USER);
        database.close();
        client.close();
    }

    @Test
    void tokenForARestoredInstanceLogsInToItsOwnServerAndNowhereElse() throws Exception {
        put("/snapshots/key-1?instance=db-SHOP");
        execute("DELETE FROM backed.orders");

        int port = port(send("PUT", RESTORE));
        database.others.add(new DatabaseInstance("drill", RESTORED_HOST, port, "db-DRILL", "us-west-2", "000000000000", "shop", "admin", null, true));
        database.allowed.add(ROLE + " " + RESTORED_RESOURCE);

        assertThat(port).isNotEqualTo(database.bridge.port());
        assertThat(rows(RESTORED_HOST, port, restoredToken(port))).containsExactly("1 tab\tand ü", "2 null");
        assertThat(rows(HOST, database.bridge.port(), database.token(USER))).isEmpty();
        assertThat(database.log).isEmpty();

        assertThatThrownBy(() -> rows(RESTORED_HOST, port, database.token(USER))).isInstanceOf(SQLException.class);
        database.assertLogged("the token was made for " + HOST + ":" + database.bridge.port(), "known: " + RESTORED_HOST + ":" + port + ")");
        assertThatThrownBy(() -> rows(HOST, database.bridge.port(), restoredToken(port))).isInstanceOf(SQLException.class);
        database.assertLogged("the token was made for " + RESTORED_HOST + ":" + port, "which is no endpoint here");

        database.allowed.remove(ROLE + " " + RESTORED_RESOURCE);
        assertThatThrownBy(() -> rows(RESTORED_HOST, port, restoredToken(port))).isInstanceOf(SQLException.class);
        database.assertLogged("role " + ROLE + " lacks rds-db:connect on " + RESTORED_RESOURCE);
    }

    @Test
    void serverIsNamedToTheFunctionsUntilItIsDeleted() throws Exception {
        put("/snapshots/key-1?instance=db-SHOP");

        int port = port(send("PUT", RESTORE));
        assertThat(hosts).containsExactly(Set.of(RESTORED_HOST));
        assertThat(port(send("PUT", RESTORE))).isEqualTo(port);
        assertThat(port(send("GET", "/servers/db-DRILL"))).isEqualTo(port);
        List<ProcessHandle> running = DatabaseBackups.running(directory);
        assertThat(running).hasSize(1);

        for (int times = 1; times <= 2; times++) {
            assertThat(send("DELETE", "/servers/db-DRILL").statusCode()).isEqualTo(204);
        }
        assertThat(hosts).containsExactly(Set.of(RESTORED_HOST), Set.of());
        assertThat(running.get(0).isAlive()).isFalse();
        assertThat(send("GET", "/servers/db-DRILL").statusCode()).isEqualTo(404);
        assertThat(directory.resolve("servers")).isEmptyDirectory();
        assertThatThrownBy(() -> rows(RESTORED_HOST, port, restoredToken(port))).isInstanceOf(SQLException.class);
    }

    @Test
    void snapshotOfARestoredInstanceIsOfItsOwnServer() throws Exception {
        put("/snapshots/key-1?instance=db-SHOP");
        port(send("PUT", RESTORE));
        execute("DROP TABLE backed.people");

        put("/snapshots/key-2?instance=db-DRILL");
        put("/snapshots/key-3?instance=db-SHOP");

        assertThat(objects("key-2")).contains("backed/backed.people/1/part-00000.tsv");
        assertThat(objects("key-3")).doesNotContain("backed/backed.people/1/part-00000.tsv");
    }

    @Test
    void snapshotIsTakenOnceAndExportedByTable() throws Exception {
        put("/snapshots/key-1?instance=db-SHOP");
        execute("DROP TABLE backed.people");
        put("/snapshots/key-1?instance=db-SHOP");

        assertThat(objects("key-1", "only=backed.orders&only=other")).containsExactly(
                Map.entry("backed/backed.orders/1/part-00000.tsv", "1\ttab\\tand ü\n2\t\\N\n"), Map.entry("other/other.things/1/part-00000.tsv", ""));
        assertThat(objects("key-1")).contains("backed/backed.people/1/part-00000.tsv");
        assertThat(directory.resolve("exports")).isEmptyDirectory();

        for (int times = 1; times <= 2; times++) {
            assertThat(send("DELETE", "/snapshots/key-1").statusCode()).isEqualTo(204);
        }
        assertThat(directory.resolve("snapshots")).isEmptyDirectory();
        assertThat(send("GET", "/snapshots/key-1/objects").statusCode()).isEqualTo(404);
        assertThat(send("PUT", RESTORE).body()).isEqualTo("There is no snapshot key-1.");
    }

    @Test
    void dumpsOutliveARestartAndServersDoNot() throws Exception {
        put("/snapshots/key-1?instance=db-SHOP");
        port(send("PUT", RESTORE));
        List<ProcessHandle> running = DatabaseBackups.running(directory);
        Files.writeString(directory.resolve("snapshots/key-9.sql.partial"), "interrupted");

        backups.close();
        assertThat(running).noneMatch(ProcessHandle::isAlive);
        open();

        assertThat(send("GET", "/servers/db-DRILL").statusCode()).isEqualTo(404);
        HttpResponse<String> ofLostServer = send("PUT", "/snapshots/key-2?instance=db-DRILL");
        assertThat(ofLostServer.statusCode()).isEqualTo(500);
        assertThat(ofLostServer.body()).contains("the server of db-DRILL is being restored, could not be restored, or ended");
        assertThat(log).containsExactly(ofLostServer.body());
        assertThat(directory.resolve("snapshots")).isDirectoryNotContaining("glob:**.partial");
        assertThat(send("GET", "/snapshots").body()).isEqualTo("[\"key-1\"]");
        port(send("PUT", RESTORE));
        put("/snapshots/key-2?instance=db-DRILL");
        assertThat(objects("key-2")).contains("backed/backed.people/1/part-00000.tsv");
    }

    @Test
    void serverThatEndedIsGone() throws Exception {
        put("/snapshots/key-1?instance=db-SHOP");
        port(send("PUT", RESTORE));
        DatabaseBackups.running(directory).forEach(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
        assertThat(send("GET", "/servers/db-DRILL").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", "/servers/db-DRILL").statusCode()).isEqualTo(204);
    }

    @Test
    void dumpThatCannotBeLoadedLeavesNoServer() throws Exception {
        Files.writeString(directory.resolve("snapshots/key-1.sql"), "this is no SQL;");

        HttpResponse<String> failed = send("PUT", RESTORE);

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).contains("mariadb ended with status 1", "You have an error in your SQL syntax");
        assertThat(send("GET", "/servers/db-DRILL").statusCode()).isEqualTo(404);
        assertThat(DatabaseBackups.running(directory)).isEmpty();
        assertThat(hosts).isEmpty();
        assertThat(send("PUT", "/snapshots/key-2?instance=db-DRILL").statusCode()).isEqualTo(500);
    }

    @Test
    void whoDoesNotKnowTheTokenIsRefusedAndNothingIsDone() throws Exception {
        put("/snapshots/key-1?instance=db-SHOP");
        String old = backups.token();
        backups.close();
        open();
        assertThat(backups.token()).isNotEqualTo(old).hasSize(64);

        List<String> calls = List.of(
                "PUT /snapshots/key-2?instance=db-SHOP", "GET /snapshots/key-1/objects", "PUT " + RESTORE, "DELETE /snapshots/key-1");
        for (String token : new String[] {null, "", old, backups.token().substring(1)}) {
            for (String call : calls) {
                String[] parts = call.split(" ");
                HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(backups.uri() + parts[1]))
                        .method(parts[0], HttpRequest.BodyPublishers.noBody());
                if (token != null) {
                    request.header("Authorization", "Bearer " + token);
                }
                assertThat(client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode()).as(call).isEqualTo(403);
            }
        }

        try (Stream<Path> dumps = Files.list(directory.resolve("snapshots"))) {
            assertThat(dumps).extracting(dump -> dump.getFileName().toString()).containsExactly("key-1.sql");
        }
        assertThat(directory.resolve("servers")).isEmptyDirectory();
        assertThat(log).isEmpty();
    }

    @Test
    void malformedRequestSaysWhatItLacks() throws Exception {
        assertRefused("PUT", "/snapshots/key-1", "One parameter instance is needed");
        assertRefused("PUT", "/snapshots/key-1?instance=db-A&instance=db-B", "One parameter instance is needed");
        assertRefused("PUT", "/snapshots/..%2Fkey?instance=db-A", "Nothing is at /snapshots/..%2Fkey");
        assertRefused("GET", "/snapshots/key-1", "GET is no method of a snapshot");
        assertRefused("PUT", "/snapshots/key-1/objects", "PUT is no method of a snapshot's objects");
        assertRefused("PUT", "/servers/db-DRILL?snapshot=key-1", "One parameter host is needed");
        assertRefused("PUT", "/servers/db-DRILL?snapshot=key-1&host=evil.example%0A127.0.0.1", "One parameter host is needed");
        assertRefused("PUT", "/servers/db-DRILL?host=" + RESTORED_HOST, "One parameter snapshot is needed");
        assertRefused("POST", "/servers/db-DRILL", "POST is no method of a server");
        assertThat(log).isEmpty();
    }

    @Test
    void requestThatWaitsForItsTurnEndsWithTheServer() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger dumps = new AtomicInteger();
        backups.close();
        backups = new DatabaseBackups(directory, () -> {
            dumps.incrementAndGet();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("given up", e);
            }
            return TestDatabase.server();
        }, this::open, hosts::add, log::add);
        List<CompletableFuture<HttpResponse<String>>> asked = List.of(
                sendAsync("PUT", "/snapshots/key-1?instance=db-SHOP"), sendAsync("PUT", "/snapshots/key-2?instance=db-SHOP"));
        while (threadsIn("DatabaseBackups.snapshot(") < 2) {
            Thread.onSpinWait();
        }

        backups.close();

        for (CompletableFuture<HttpResponse<String>> each : asked) {
            each.handle((answer, failure) -> answer).join();
        }
        assertThat(dumps).hasValue(1);
        assertThat(asked).filteredOn(CompletableFuture::isCompletedExceptionally).isNotEmpty();
    }

    /** How many threads, virtual ones too, are in this method. */
    private int threadsIn(String method) throws IOException {
        Path dump = directory.resolve("threads-" + UUID.randomUUID());
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
        try (Stream<String> lines = Files.lines(dump)) {
            return (int) lines.filter(line -> line.contains(method)).count();
        }
    }

    private void assertRefused(String method, String path, String sentence) throws Exception {
        HttpResponse<String> answer = send(method, path);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(sentence);
    }

    private void open() throws IOException {
        backups = new DatabaseBackups(directory, TestDatabase::server, this::open, hosts::add, log::add);
    }

    private LoginBridge open(MariaDb server, String dbiResourceId, String region) throws IOException {
        return new LoginBridge(0, server, TestDatabase.certificates(), database.rules.of(() -> database.others.stream()
                .filter(instance -> instance.dbiResourceId().equals(dbiResourceId) && instance.region().equals(region)).toList()), database.log::add);
    }

    private String restoredToken(int port) {
        return database.token(SESSION, RESTORED_HOST, port, USER, Region.US_WEST_2);
    }

    private List<String> rows(String host, int port, String token) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.connectTo(host, port, USER, token); Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, note FROM backed.orders ORDER BY id")) {
            while (found.next()) {
                rows.add(found.getInt(1) + " " + found.getString(2));
            }
        }
        return rows;
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = TestDatabase.server().administration(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private void put(String path) throws Exception {
        HttpResponse<String> answer = send("PUT", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    private Set<String> objects(String key) throws Exception {
        return objects(key, "only=backed").keySet();
    }

    private Map<String, String> objects(String key, String only) throws Exception {
        HttpResponse<InputStream> answer = client.send(
                request("GET", "/snapshots/" + key + "/objects?" + only), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        Map<String, String> objects = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(answer.body())) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                objects.put(entry.getName(), new String(zip.readAllBytes(), UTF_8));
            }
        }
        return objects;
    }

    private static int port(HttpResponse<String> answer) throws IOException {
        return json(answer).get("port").asInt();
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return client.send(request(method, path), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> sendAsync(String method, String path) {
        return client.sendAsync(request(method, path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String path) {
        return HttpRequest.newBuilder(URI.create(backups.uri() + path)).version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + backups.token()).method(method, HttpRequest.BodyPublishers.noBody()).build();
    }
}
