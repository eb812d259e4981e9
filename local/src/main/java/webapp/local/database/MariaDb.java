package webapp.local.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * An embedded MariaDB server on 127.0.0.1 with TLS and grants on, set up like an RDS for MySQL instance where the two differ by
 * default. Everything it writes lies in one directory; data is kept between starts.
 */
public final class MariaDb implements AutoCloseable {
    static final String ADMINISTRATOR = "local_administrator";

    private static final String PID_FILE = "mariadbd.pid";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final int ANSWER_MILLIS = (int) Duration.ofSeconds(2).toMillis();

    /** Defaults of the parameter group default.mysql8.4 that MariaDB does not share. */
    private static final List<String> LIKE_RDS = List.of(
            "--character-set-server=utf8mb4",
            "--default-time-zone=+00:00",
            "--max-allowed-packet=64M",
            "--sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
                    + "NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION",
            "--require-secure-transport=ON");

    private final Path directory;
    private final CertificateAuthority certificates;
    private final InternalPasswords passwords;
    private final Consumer<String> log;
    private final Thread stopAtExit = new Thread(this::stop, "stop MariaDB");
    private final Lock starting = new ReentrantLock();
    private Process process;
    private volatile int port;
    private volatile boolean stopping;

    private MariaDb(Path directory, CertificateAuthority certificates, Consumer<String> log) throws IOException {
        this.directory = PrivateFiles.directory(directory);
        this.certificates = certificates;
        this.log = log;
        this.passwords = InternalPasswords.in(this.directory);
    }

    /**
     * Starts the server and returns once it answers. The first start in a directory unpacks the server's 350 MB and creates the
     * system tables.
     *
     * @param directory    holds binaries, data, log and secrets; nothing is written elsewhere
     * @param certificates the server's TLS certificate
     * @param log          receives lines meant for a person
     * @throws IOException when it does not start; the message names the cause and the remedy where they are known
     */
    public static MariaDb start(Path directory, CertificateAuthority certificates, Consumer<String> log) throws IOException {
        MariaDb server = new MariaDb(directory, certificates, log);
        Optional<ProcessHandle> running = running(directory);
        if (running.isPresent()) {
            // The server itself would wait half a minute for the other's locks.
            throw new IOException("MariaDB is running on " + directory + " already, as process " + running.get().pid() + ". Stop it first.");
        }
        server.launch();
        return server;
    }

    /**
     * Starts a server that has ended, on the data it left; it listens on another port.
     *
     * @throws IOException as {@link #start}
     */
    public void restart() throws IOException {
        starting.lock();
        try {
            stop();
            stopping = false;
            launch();
        } finally {
            starting.unlock();
        }
    }

    private void launch() throws IOException {
        MariaDbInstallation installation = MariaDbInstallation.in(directory);
        for (int attempt = 1; ; attempt++) {
            try {
                launch(installation);
                return;
            } catch (StartFailure.PortTaken e) {
                // Another process took the free port between our look and the server's bind.
                if (attempt == 3) {
                    throw e;
                }
            }
        }
    }

    /** The server that runs on the directory, also one that an earlier JVM left behind when it was killed. */
    public static Optional<ProcessHandle> running(Path directory) throws IOException {
        Path file = directory.resolve("data").resolve(PID_FILE);
        String pid = Files.exists(file) ? Files.readString(file).strip() : "";
        // The file is empty when the disk was full; a stale one may name a process that has nothing to do with us.
        return Optional.of(pid).filter(text -> text.matches("\\d+")).flatMap(text -> ProcessHandle.of(Long.parseLong(text)))
                .filter(process -> process.info().command().orElse("").endsWith("/mariadbd"));
    }

    /** Whether a server greets whoever connects to this port within two seconds. */
    public static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Port on 127.0.0.1. */
    public int port() {
        return port;
    }

    /** Process id of the server. */
    public long pid() {
        return process.pid();
    }

    /** A connection with every right, for set-up and for tests; the caller closes it. */
    public Connection administration() throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", ADMINISTRATOR);
        properties.setProperty("password", passwords.ofAdministrator());
        properties.setProperty("sslMode", "verify-full");
        properties.setProperty("serverSslCert", certificates.authorityCertificate().toString());
        return DriverManager.getConnection("jdbc:mariadb://127.0.0.1:" + port + "/", properties);
    }

    /**
     * Starts an empty server with this one's binaries, certificate and passwords.
     *
     * @param another a directory that does not exist yet
     */
    MariaDb startAnother(Path another) throws IOException {
        PrivateFiles.directory(another);
        Files.createSymbolicLink(another.resolve("server"), directory.resolve("server").toRealPath());
        Files.copy(directory.resolve("server.unpacked"), another.resolve("server.unpacked"));
        InternalPasswords.copy(directory, another);
        return start(another, certificates, log);
    }

    /** Writes everything the server holds at this moment to a file, its users too. */
    void dump(Path file) throws IOException {
        PrivateFiles.write(file, new byte[0]);
        client("mariadb-dump", List.of("--all-databases", "--single-transaction", "--routines", "--events", "--hex-blob",
                "--flush-privileges"), builder -> builder.redirectOutput(file.toFile()));
    }

    /** Replaces what the server holds by what {@link #dump} wrote. */
    void load(Path file) throws IOException {
        client("mariadb", List.of(), builder -> builder.redirectInput(file.toFile()));
    }

    private void client(String program, List<String> options, Consumer<ProcessBuilder> redirect) throws IOException {
        MariaDbInstallation installation = MariaDbInstallation.in(directory);
        Path settings = Files.createTempFile(installation.temporary(), program, ".cnf");
        Path errors = Files.createTempFile(installation.temporary(), program, ".log");
        try {
            PrivateFiles.write(settings, ("[client]\nprotocol=tcp\nhost=127.0.0.1\nport=" + port + "\nuser=" + ADMINISTRATOR + "\npassword="
                    + passwords.ofAdministrator() + "\nssl-ca=" + certificates.authorityCertificate() + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            List<String> command = new ArrayList<>(List.of(installation.client(program).toString(), "--defaults-file=" + settings));
            command.addAll(options);
            ProcessBuilder builder = installation.process(command).redirectErrorStream(false).redirectError(errors.toFile());
            redirect.accept(builder);
            int status = builder.start().waitFor();
            if (status != 0) {
                throw new IOException(program + " ended with status " + status + ": " + Files.readString(errors).strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + program + " ran", e);
        } finally {
            Files.delete(settings);
            Files.delete(errors);
        }
    }

    InternalPasswords passwords() {
        return passwords;
    }

    /** Shuts the server down and waits for its end; does nothing when it has ended already. */
    public void stop() {
        starting.lock();
        try {
            end();
        } finally {
            starting.unlock();
        }
    }

    private void end() {
        stopping = true;
        if (Thread.currentThread() != stopAtExit) {
            try {
                Runtime.getRuntime().removeShutdownHook(stopAtExit);
            } catch (IllegalStateException e) {
                // The JVM is ending: the hook waits for us and finds nothing left to do.
            }
        }
        if (process == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                log.accept("MariaDB (process " + process.pid() + ") did not stop within " + STOP_TIMEOUT.toSeconds() + " s: killed");
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void launch(MariaDbInstallation installation) throws IOException {
        port = freePort();
        Path output = directory.resolve("mariadbd.log");
        if (Files.exists(output)) {
            // After a crash its last words are worth reading.
            Files.move(output, directory.resolve("mariadbd.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
        Path initialisation = directory.resolve("start.sql");
        PrivateFiles.write(initialisation, initialisationSql().getBytes(StandardCharsets.UTF_8));
        try {
            process = installation.process(arguments(installation, initialisation)).redirectOutput(output.toFile()).start();
            Runtime.getRuntime().addShutdownHook(stopAtExit);
            waitUntilReady(output);
        } catch (IOException | RuntimeException e) {
            stop();
            stopping = false;
            process = null;
            throw e;
        } finally {
            Files.delete(initialisation);
        }
        Process started = process;
        started.onExit().thenRun(() -> {
            if (!stopping) {
                log.accept("MariaDB (process " + started.pid() + ") ended by itself with status " + started.exitValue()
                        + "; its last words are in " + output);
            }
        });
    }

    private List<String> arguments(MariaDbInstallation installation, Path initialisation) {
        List<String> arguments = new ArrayList<>(List.of(installation.server().toString(), "--no-defaults",
                "--basedir=" + installation.base(), "--datadir=" + installation.data(), "--tmpdir=" + installation.temporary(),
                "--bind-address=127.0.0.1", "--port=" + port,
                // Relative to the data directory: an absolute path could be longer than the 107 characters a socket may have.
                "--socket=mariadbd.sock", "--pid-file=" + PID_FILE,
                "--init-file=" + initialisation,
                "--ssl-cert=" + certificates.serverCertificate(), "--ssl-key=" + certificates.serverKey(),
                "--ssl-ca=" + certificates.authorityCertificate(),
                // All clients come from 127.0.0.1 through the bridge, which opens a connection before it knows whether it will
                // log in: no name look-ups, no host blocked for connections given up.
                "--skip-name-resolve", "--host-cache-size=0", "--connect-timeout=60", "--max-connections=500",
                "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=2", "--log-warnings=1"));
        arguments.addAll(LIKE_RDS);
        if (MariaDbInstallation.isRoot()) {
            arguments.add("--user=root");
        }
        return arguments;
    }

    private String initialisationSql() {
        String user = "'" + ADMINISTRATOR + "'@'127.0.0.1'";
        return "CREATE USER IF NOT EXISTS " + user + ";\n"
                + "ALTER USER " + user + " IDENTIFIED BY '" + passwords.ofAdministrator() + "' REQUIRE SSL;\n"
                + "GRANT ALL PRIVILEGES ON *.* TO " + user + " WITH GRANT OPTION;\n";
    }

    private void waitUntilReady(Path output) throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        try {
            while (!StartFailure.read(output).contains(": ready for connections.")) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw StartFailure.of("MariaDB", process.exitValue(), StartFailure.read(output), directory);
                }
                if (System.nanoTime() > deadline) {
                    throw new IOException("MariaDB was not ready after " + START_TIMEOUT.toSeconds() + " s; its log is " + output);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while MariaDB started", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
