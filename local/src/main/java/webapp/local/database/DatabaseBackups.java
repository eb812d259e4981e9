package webapp.local.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import webapp.local.files.Directories;
import webapp.local.host.LoopbackServer;
import webapp.local.host.LoopbackServer.Request;
import webapp.local.host.LoopbackServer.Response;

/**
 * The data behind local AWS's snapshots and restored DB instances, which itself keeps only their records; it asks by HTTP:
 * <ul>
 *   <li>{@code PUT /snapshots/KEY?instance=DBI_RESOURCE_ID} dumps what that instance holds now, unless the dump is there already; 204.
 *   <li>{@code DELETE /snapshots/KEY}; 204.
 *   <li>{@code GET /snapshots}: 200, the keys of all dumps, {@code ["KEY", ...]}.
 *   <li>{@code GET /snapshots/KEY/objects?only=SCHEMA&only=SCHEMA.TABLE}: 200, what an export writes, as a zip file.
 *   <li>{@code PUT /servers/DBI_RESOURCE_ID?snapshot=KEY&host=NAME} starts a server that holds the dump, with a login bridge of its own, unless
 *       it runs already, and has the functions find it by its endpoint's name; 200, {@code {"port": 12345}}.
 *   <li>{@code GET /servers/DBI_RESOURCE_ID}: the same, without waiting for one that is being restored.
 *   <li>{@code DELETE /servers/DBI_RESOURCE_ID} stops it and deletes its files; 204.
 * </ul>
 * Each with {@code Authorization: Bearer TOKEN}; without it 403, and nothing is done: other users of the machine reach the port too.
 * 400 a request that is none of these, 404 no such dump or server, 500 a failure; each with a sentence. Whoever asks waits inside a request
 * to RDS: nothing here asks local AWS before it has answered. Dumps outlive a restart of the stack, servers do not.
 */
public final class DatabaseBackups implements AutoCloseable {
    private static final Pattern SNAPSHOT = Pattern.compile("/snapshots/([A-Za-z0-9-]{1,64})(/objects)?");
    private static final Pattern SERVER = Pattern.compile("/servers/([A-Za-z0-9-]{1,64})");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9-]{1,64}");
    private static final Pattern HOST = Pattern.compile("[a-z0-9-]{1,63}[.]local0stack0[.]([a-z0-9-]{1,32})[.]rds[.]amazonaws[.]com");
    private static final String DUMP = ".sql";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path snapshots;
    private final Path servers;
    private final Path exports;
    private final Supplier<MariaDb> first;
    private final RestoredLogins logins;
    private final Consumer<Set<String>> hosts;
    private final Consumer<String> log;
    private final ConcurrentMap<String, Restored> restored = new ConcurrentHashMap<>();
    private final Lock dumping = new ReentrantLock();
    private final Lock restoring = new ReentrantLock();
    private final String token;
    private final LoopbackServer server;
    private boolean closed;

    /** Opens the login bridge of a restored server. */
    @FunctionalInterface
    public interface RestoredLogins {
        /** @param region where the instance {@code dbiResourceId} is */
        LoginBridge open(MariaDb server, String dbiResourceId, String region) throws IOException;
    }

    private record Restored(String host, MariaDb server, LoginBridge logins) {}

    /** What the answer is when there is nothing to answer with. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final int status;

        Refused(int status, String sentence) {
            super(sentence);
            this.status = status;
        }
    }

    /**
     * Listens on a free port from here on.
     *
     * @param directory what it writes, and the dumps of an earlier one
     * @param first the server of every instance that was not restored; it may still be starting
     * @param hosts takes the names of all restored endpoints, whenever they have changed
     * @param log takes a line for each failure
     */
    public DatabaseBackups(Path directory, Supplier<MariaDb> first, RestoredLogins logins, Consumer<Set<String>> hosts, Consumer<String> log)
            throws IOException {
        PrivateFiles.directory(directory);
        this.snapshots = PrivateFiles.directory(directory.resolve("snapshots"));
        this.servers = PrivateFiles.directory(directory.resolve("servers"));
        this.exports = directory.resolve("exports");
        this.first = first;
        this.logins = logins;
        this.hosts = hosts;
        this.log = log;
        for (Path gone : list(servers)) {
            empty(gone);
        }
        Directories.delete(exports);
        PrivateFiles.directory(exports);
        for (Path file : list(snapshots)) {
            if (!file.toString().endsWith(DUMP)) {
                Files.delete(file); // of a dump that was interrupted
            }
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        this.token = HexFormat.of().formatHex(random);
        this.server = new LoopbackServer(0, 0, this::answer);
    }

    /** The servers that an earlier one left behind when its JVM was killed; they are to end before another starts in the directory. */
    public static List<ProcessHandle> running(Path directory) throws IOException {
        List<ProcessHandle> running = new ArrayList<>();
        for (String part : List.of("servers", "exports")) {
            for (Path left : list(directory.resolve(part))) {
                MariaDb.running(left).ifPresent(running::add);
            }
        }
        return running;
    }

    private static List<Path> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList();
        }
    }

    /** Where it listens: {@code http://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** What a request has to say; another one at each start, and for local AWS alone. */
    public String token() {
        return token;
    }

    private Response answer(Request request) throws InterruptedException {
        try {
            byte[] said = request.headers().getOrDefault("Authorization", "").getBytes(UTF_8);
            if (!MessageDigest.isEqual(("Bearer " + token).getBytes(UTF_8), said)) {
                throw new Refused(403, "This server answers local AWS alone.");
            }
            String[] parts = request.path().split("\\?", 2);
            Map<String, List<String>> query = query(parts.length > 1 ? parts[1] : "");
            Matcher snapshot = SNAPSHOT.matcher(parts[0]);
            if (snapshot.matches()) {
                return snapshot.group(2) == null ? snapshot(request.method(), snapshot.group(1), query) : objects(request.method(), snapshot.group(1), query);
            }
            if (parts[0].equals("/snapshots") && request.method().equals("GET")) {
                return json(keys());
            }
            Matcher one = SERVER.matcher(parts[0]);
            if (one.matches()) {
                return server(request.method(), one.group(1), query);
            }
            throw new Refused(400, "Nothing is at " + parts[0] + ": keys are " + KEY.pattern() + ".");
        } catch (Refused e) {
            return text(e.status, e.getMessage());
        } catch (IOException | SQLException | RuntimeException e) {
            String failure = request.method() + " " + request.path() + " failed: " + (e.getMessage() == null ? e : e.getMessage());
            log.accept(failure);
            return text(500, failure);
        }
    }

    private Response snapshot(String method, String key, Map<String, List<String>> query) throws Refused, IOException, InterruptedException {
        Path file = file(key);
        switch (method) {
            case "PUT" -> {
                String instance = one(query, "instance", KEY).group();
                dumping.lockInterruptibly();
                try {
                    if (!Files.exists(file)) {
                        Dump.of(serverOf(instance), file);
                    }
                } finally {
                    dumping.unlock();
                }
            }
            case "DELETE" -> {
                dumping.lockInterruptibly();
                try {
                    Files.deleteIfExists(file);
                } finally {
                    dumping.unlock();
                }
            }
            default -> throw new Refused(400, method + " is no method of a snapshot.");
        }
        return new Response(204, Map.of(), new byte[0]);
    }

    private List<String> keys() throws IOException {
        return list(snapshots).stream().map(file -> file.getFileName().toString()).filter(name -> name.endsWith(DUMP))
                .map(name -> name.substring(0, name.length() - DUMP.length())).sorted().toList();
    }

    private Response objects(String method, String key, Map<String, List<String>> query) throws Refused, IOException, SQLException {
        if (!method.equals("GET")) {
            throw new Refused(400, method + " is no method of a snapshot's objects.");
        }
        Dump dump = dump(key);
        Path export = exports.resolve(UUID.randomUUID().toString());
        Path file = exports.resolve(export.getFileName() + ".zip");
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            zip.setLevel(Deflater.BEST_SPEED);
            dump.export(first.get(), export, query.getOrDefault("only", List.of()), name -> {
                zip.putNextEntry(new ZipEntry(name));
                return zip;
            });
        } catch (IOException | SQLException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return Response.file("application/zip", file);
    }

    private Response server(String method, String dbiResourceId, Map<String, List<String>> query) throws Refused, IOException, InterruptedException {
        switch (method) {
            case "PUT" -> {
                Matcher host = one(query, "host", HOST);
                String key = one(query, "snapshot", KEY).group();
                restoring.lockInterruptibly();
                try {
                    restore(dbiResourceId, key, host.group(), host.group(1));
                } finally {
                    restoring.unlock();
                }
            }
            case "DELETE" -> {
                restoring.lockInterruptibly();
                try {
                    delete(dbiResourceId);
                } finally {
                    restoring.unlock();
                }
                return new Response(204, Map.of(), new byte[0]);
            }
            case "GET" -> { }
            default -> throw new Refused(400, method + " is no method of a server.");
        }
        Restored found = restored.get(dbiResourceId);
        if (found == null || ProcessHandle.of(found.server().pid()).filter(ProcessHandle::isAlive).isEmpty()) {
            throw new Refused(404, "There is no server of " + dbiResourceId + ".");
        }
        return json(Map.of("port", found.logins().port()));
    }

    /** One at a time: a laptop has few cores. */
    private void restore(String dbiResourceId, String key, String host, String region) throws Refused, IOException {
        if (closed) {
            throw new IOException("the stack is stopping");
        }
        if (restored.containsKey(dbiResourceId)) {
            return;
        }
        Dump dump = dump(key);
        Path directory = servers.resolve(dbiResourceId);
        MariaDb started = null;
        try {
            started = dump.restore(first.get(), directory);
            restored.put(dbiResourceId, new Restored(host, started, logins.open(started, dbiResourceId, region)));
            tellHosts();
        } catch (IOException | RuntimeException e) {
            forget(dbiResourceId, started);
            throw e;
        }
    }

    private void forget(String dbiResourceId, MariaDb started) throws IOException {
        Restored failed = restored.remove(dbiResourceId);
        if (failed != null) {
            failed.logins().close();
        }
        if (started != null) {
            started.close();
        }
        empty(servers.resolve(dbiResourceId));
    }

    /** The directory stays, so that the instance stays known: a snapshot of it must not become one of the first server. */
    private static void empty(Path server) throws IOException {
        Directories.delete(server);
        PrivateFiles.directory(server);
    }

    private void delete(String dbiResourceId) throws IOException {
        Restored deleted = restored.remove(dbiResourceId);
        if (deleted != null) {
            stop(deleted);
            tellHosts();
        }
        Directories.delete(servers.resolve(dbiResourceId));
    }

    private void tellHosts() {
        Set<String> names = new TreeSet<>();
        restored.values().forEach(each -> names.add(each.host()));
        hosts.accept(names);
    }

    private static void stop(Restored restored) throws IOException {
        try {
            restored.logins().close();
        } finally {
            restored.server().close();
        }
    }

    private MariaDb serverOf(String dbiResourceId) throws IOException {
        Restored own = restored.get(dbiResourceId);
        if (own == null && Files.exists(servers.resolve(dbiResourceId))) {
            throw new IOException("the server of " + dbiResourceId + " is being restored, could not be restored, or ended with the stack that restored it");
        }
        return own == null ? first.get() : own.server();
    }

    private Dump dump(String key) throws Refused {
        Path file = file(key);
        if (!Files.exists(file)) {
            throw new Refused(404, "There is no snapshot " + key + ".");
        }
        return new Dump(file);
    }

    private Path file(String key) {
        return snapshots.resolve(key + DUMP);
    }

    private static Matcher one(Map<String, List<String>> query, String name, Pattern form) throws Refused {
        List<String> values = query.getOrDefault(name, List.of());
        Matcher value = form.matcher(values.size() == 1 ? values.get(0) : "");
        if (!value.matches()) {
            throw new Refused(400, "One parameter " + name + " is needed, of the form " + form.pattern() + ".");
        }
        return value;
    }

    private static Map<String, List<String>> query(String text) {
        Map<String, List<String>> query = new HashMap<>();
        for (String parameter : text.isEmpty() ? new String[0] : text.split("&")) {
            String[] pair = parameter.split("=", 2);
            query.computeIfAbsent(pair[0], name -> new ArrayList<>()).add(URLDecoder.decode(pair.length > 1 ? pair[1] : "", UTF_8));
        }
        return query;
    }

    private static Response json(Object content) {
        try {
            return Response.json(200, JSON.writeValueAsBytes(content));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Writing an answer", e);
        }
    }

    private static Response text(int status, String sentence) {
        return new Response(status, Map.of("Content-Type", "text/plain; charset=utf-8"), sentence.getBytes(UTF_8));
    }

    /** Stops the restored servers; a restore under way is given up. */
    @Override
    public void close() {
        server.close();
        restoring.lock();
        try {
            closed = true;
            for (String dbiResourceId : Set.copyOf(restored.keySet())) {
                try {
                    stop(restored.remove(dbiResourceId));
                    empty(servers.resolve(dbiResourceId));
                } catch (IOException e) {
                    throw new UncheckedIOException("Stopping the server of " + dbiResourceId, e);
                }
            }
        } finally {
            restoring.unlock();
        }
    }
}
