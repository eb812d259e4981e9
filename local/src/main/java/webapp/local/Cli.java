package webapp.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import webapp.local.aws.LocalAws;
import webapp.local.database.DatabaseBackups;
import webapp.local.database.MariaDb;
import webapp.local.door.FrontDoor;
import webapp.local.host.FunctionHost;
import webapp.local.host.FunctionStatus;
import webapp.local.terraform.Terraform;
import webapp.local.terraform.TerraformException;

/** The commands behind {@code make up}, {@code down}, {@code status} and {@code logs}. */
public final class Cli {
    private static final int FRONT_DOOR_PORT = 8080;
    private static final String REGION = "us-east-1";
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final int LOG_LINES = 200;

    private final Path checkout;
    private final Path directory;

    private Cli(Path checkout) {
        this.checkout = checkout;
        this.directory = checkout.resolve(".local");
    }

    public static void main(String[] arguments) throws InterruptedException {
        Cli cli = new Cli(Path.of(System.getProperty("checkout.directory")).toAbsolutePath());
        try {
            switch (arguments.length == 0 ? "" : arguments[0]) {
                case "up" -> cli.up();
                case "down" -> cli.down();
                case "status" -> System.exit(cli.status() ? 0 : 1);
                case "logs" -> cli.logs(arguments.length > 1 ? arguments[1] : "");
                case "serve" -> cli.serve();
                default -> throw new IllegalArgumentException("usage: up | down | status | logs [name]");
            }
        } catch (IllegalArgumentException | IllegalStateException | IOException | UncheckedIOException | TerraformException e) {
            System.err.println("webapp: " + message(e));
            DiskSpace.blamedFor(e, cli.directory).ifPresent(System.err::println);
            System.exit(1);
        }
    }

    private static String message(Exception e) {
        return e.getCause() == null ? e.getMessage() : e.getMessage() + " (" + e.getCause().getMessage() + ")";
    }

    private void up() throws IOException, InterruptedException {
        Instant start = Instant.now();
        Files.createDirectories(directory);
        alone();
        DiskSpace.require(directory, !Files.exists(directory.resolve("mariadb/server.unpacked")));
        Optional<StackRecord> recorded = StackRecord.read(directory);
        StackRecord stack = recorded.isPresent() ? healed(recorded.get()) : startAfresh();
        Path applying = LocalStack.applyingFile(directory);
        say("Applying examples/complete (follow it in .local/terraform/terraform.log) ...");
        Terraform terraform = new Terraform(checkout.resolve("examples/complete"), LocalStack.terraformDirectory(directory),
                LocalAws.environment(URI.create(stack.localAws())), LocalStack.VARIABLES, line -> say("  " + line));
        Files.createDirectories(applying.getParent());
        Files.writeString(applying, "");
        try {
            terraform.initAndApply();
        } catch (TerraformException e) {
            if (!e.wasInterrupted()) {
                try {
                    settle(stack, applying);
                } catch (IOException unsaved) {
                    e.addSuppressed(unsaved);
                }
            }
            throw e;
        }
        settle(stack, applying);
        LocalStack.publish(directory, terraform.output("distribution_domain_name"));
        say("");
        say("Ready in " + Duration.between(start, Instant.now()).toSeconds() + " s:  " + stack.frontDoor());
    }

    /** What is applied outlives a crash from here on. */
    private static void settle(StackRecord stack, Path applying) throws IOException, InterruptedException {
        LocalAws.save(URI.create(stack.localAws()));
        Files.delete(applying);
    }

    /** Keeps a second command from changing the same stack; the lock goes with this process, however it ends. */
    private void alone() throws IOException {
        FileChannel lock = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IllegalStateException("another make up or make down is at work in this checkout: wait for it, or end it");
        }
    }

    private StackRecord startAfresh() throws IOException, InterruptedException {
        stopMariaDb();
        LocalStack.clear(directory);
        return startServer();
    }

    /** The stack itself when every part works; otherwise it is started again on what it left, and says what is lost. */
    private StackRecord healed(StackRecord stack) throws IOException, InterruptedException {
        Map<Part, Health> parts = health(stack);
        Remains remains = Remains.of(directory, parts);
        if (remains == Remains.EVERYTHING) {
            return stack;
        }
        parts.forEach((part, health) -> {
            if (health != Health.UP) {
                say(part.name() + " is down: " + health.reason() + " (process " + part.pid() + ").");
            }
        });
        if (parts.values().stream().allMatch(health -> health == Health.UP)) {
            say("The first make up was interrupted: what it was making is not in Terraform's state.");
        }
        Instant stopping = Instant.now();
        stop(stack);
        Optional<Instant> saved = LocalAws.savedAt(directory);
        if (remains == Remains.ROWS || saved.isEmpty()) {
            LocalStack.clearApplied(directory);
            say("Lost: what local AWS held, so that everything is applied anew. Kept: the database's rows.");
        } else {
            LocalStack.clearTemporary(directory);
            say(saved.get().isBefore(stopping)
                    ? "Lost: what changed in local AWS after " + time(saved.get()) + ". Kept: what it held then, and the database's rows."
                    : "Lost: requests that had no answer yet. Kept: what local AWS holds, and the database's rows.");
        }
        return startServer();
    }

    private static Map<Part, Health> health(StackRecord stack) {
        Map<Part, Health> health = new LinkedHashMap<>();
        stack.parts().forEach(part -> health.put(part, Health.of(part, stack)));
        return health;
    }

    private static String time(Instant instant) {
        return LocalTime.ofInstant(instant, ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private StackRecord startServer() throws IOException, InterruptedException {
        say("Starting local AWS, MariaDB, the login bridge and the function host ...");
        Path log = Files.createDirectories(directory.resolve("logs")).resolve("stack.log");
        Files.deleteIfExists(log);
        List<String> command = new ArrayList<>(List.of("setsid", ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m", "-XX:-UsePerfData", FrontDoor.JVM_OPTION, "-Dcheckout.directory=" + checkout,
                "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
                "-cp", System.getProperty("java.class.path"), Cli.class.getName(), "serve"));
        Process server = new ProcessBuilder(command).directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Thread stopServer = new Thread(() -> {
            server.destroy();
            server.onExit().orTimeout(10, TimeUnit.SECONDS).exceptionally(late -> server.destroyForcibly()).join();
        });
        Runtime.getRuntime().addShutdownHook(stopServer);
        try {
            return awaitRecord(server, log);
        } finally {
            forget(stopServer);
        }
    }

    private static void forget(Thread shutdownHook) {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // Interrupted: the hook is at work.
        }
    }

    private StackRecord awaitRecord(Process server, Path log) throws IOException, InterruptedException {
        Instant limit = Instant.now().plus(START_LIMIT);
        long shown = 0;
        while (Instant.now().isBefore(limit)) {
            shown = show(log, shown);
            Optional<StackRecord> stack = StackRecord.read(directory).filter(record -> record.isOf(server.pid()));
            if (stack.isPresent()) {
                return stack.get();
            }
            if (!server.isAlive()) {
                throw new IllegalStateException("the stack did not start; its log is .local/logs/stack.log");
            }
            Thread.sleep(200);
        }
        server.destroy();
        throw new IllegalStateException("the stack did not start within " + START_LIMIT.toMinutes()
                + " minutes; its log is .local/logs/stack.log");
    }

    /** Passes on what the server has printed since; returns how far it read. */
    private static long show(Path log, long from) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        lines.stream().skip(from).forEach(line -> say("  " + line));
        return lines.size();
    }

    /** Runs until it is told to stop: every part is a thread or a child of this process. */
    private void serve() throws IOException, InterruptedException {
        AtomicReference<LocalStack> started = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (started.get() != null) {
                started.get().close();
            }
            endChildren();
        }));
        Ports ports = StackRecord.read(directory).map(StackRecord::ports).orElse(Ports.free(FRONT_DOOR_PORT));
        LocalStack stack = LocalStack.start(checkout, directory, directory.resolve("tools"), REGION, ports, Cli::say);
        started.set(stack);
        stack.record().write(directory);
        new CountDownLatch(1).await();
    }

    /** Ends what a server that is told to stop while it starts has started. */
    private static void endChildren() {
        Instant limit = Instant.now().plusSeconds(5);
        while (ProcessHandle.current().children().findAny().isPresent()) {
            boolean late = Instant.now().isAfter(limit);
            ProcessHandle.current().descendants().forEach(late ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private void down() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        alone();
        Optional<StackRecord> stack = StackRecord.read(directory);
        if (stack.isPresent()) {
            stop(stack.get());
        } else {
            stopMariaDb();
        }
        StackRecord.delete(directory);
        LocalStack.clear(directory);
        say("Stopped. Downloads and logs stay in .local/; delete it to have nothing left.");
    }

    /** Ends the server, which ends its parts; then whatever part it left, by its recorded process id. */
    private void stop(StackRecord stack) throws IOException, InterruptedException {
        for (Part part : stack.parts()) {
            if (part.process().isPresent()) {
                stop(part.process().get());
            }
        }
        stopMariaDb();
    }

    /** Ends those that run on this stack's data and are in no record: of a server that was killed while it started, or restored backups. */
    private void stopMariaDb() throws IOException, InterruptedException {
        Optional<ProcessHandle> orphan = MariaDb.running(directory.resolve("mariadb"));
        if (orphan.isPresent()) {
            stop(orphan.get());
        }
        for (ProcessHandle restored : DatabaseBackups.running(LocalStack.backups(directory))) {
            stop(restored);
        }
    }

    private static void stop(ProcessHandle process) throws InterruptedException {
        process.destroy();
        try {
            process.onExit().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    private boolean status() {
        StackRecord stack = StackRecord.read(directory).orElse(null);
        if (stack == null) {
            say("Not running. Start it with: make up");
            return false;
        }
        Map<Part, Health> parts = health(stack);
        parts.forEach((part, health) -> say(String.format("%-14s %-8s %s%s", part.name(), health.word(), part.url(),
                health == Health.UP ? "" : ": " + health.reason() + " (process " + part.pid() + ")")));
        stack.functionHost().ifPresent(Cli::functions);
        DiskSpace.warning(directory).ifPresent(Cli::say);
        boolean healthy = parts.values().stream().allMatch(health -> health == Health.UP);
        if (!healthy) {
            say("A part is down. Heal it with: make up");
        } else if (LocalStack.isPublished(directory)) {
            say("Open " + stack.frontDoor());
        } else {
            say("Nothing is deployed yet: make up is still working, or it did not finish. Finish it with: make up");
            healthy = false;
        }
        return healthy;
    }

    /** Says which functions have processes, and what became of one that something ended; the next request replaces that. */
    private static void functions(URI host) {
        try {
            for (FunctionStatus function : FunctionHost.list(host)) {
                say(String.format("%-14s %-8s %s, version %s%s, processes: %d%s", "function", "up", function.functionName(), function.version(),
                        function.region() == null || function.region().equals(REGION) ? "" : " in " + function.region(), function.processes(), function.lastEnd() == null ? "" : "; " + function.lastEnd() + "; the next request replaces it"));
            }
        } catch (IOException e) {
            // The server's own line says that it is down.
        }
    }

    /** Prints the end of every log whose name contains {@code name}. */
    private void logs(String name) throws IOException {
        Path logs = directory.resolve("logs");
        if (!Files.isDirectory(logs)) {
            throw new IllegalStateException("there are no logs yet: run make up first");
        }
        List<Path> chosen;
        try (Stream<Path> files = Files.walk(logs)) {
            chosen = files.filter(file -> file.toString().endsWith(".log") && file.getFileName().toString().contains(name))
                    .sorted(Comparator.comparing(Path::toString)).toList();
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no log's name contains \"" + name + "\"; see .local/logs");
        }
        for (Path log : chosen) {
            List<String> lines = Files.readAllLines(log);
            say("==> " + directory.getParent().relativize(log) + " <==");
            lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()).forEach(Cli::say);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
