package webapp.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import webapp.local.aws.AwsClients;
import webapp.local.aws.LocalAws;
import webapp.local.database.AwsConnectPermission;
import webapp.local.database.AwsDatabaseInstances;
import webapp.local.database.AwsSecrets;
import webapp.local.database.CertificateAuthority;
import webapp.local.database.CredentialLookup.Credentials;
import webapp.local.database.DatabaseBackups;
import webapp.local.database.DatabaseInstances;
import webapp.local.database.DatabaseInstances.DatabaseInstance;
import webapp.local.database.LoginBridge;
import webapp.local.database.LoginRules;
import webapp.local.database.MariaDb;
import webapp.local.door.FrontDoor;
import webapp.local.files.Directories;
import webapp.local.host.AwsLogPermission;
import webapp.local.host.FunctionHost;
import webapp.local.host.HostSettings;
import webapp.local.host.LambdaDeployments;
import webapp.local.host.RoleSessions;

/**
 * Every part of the laptop's stack, wired: MariaDB, the login bridge, the function host, local AWS and the front door. It starts
 * with what an earlier one left in its directory, or empty; {@link webapp.local.terraform.Terraform} fills it. The same class serves
 * {@code make up} and the tests.
 */
public final class LocalStack implements AutoCloseable {
    /** What {@code examples/complete} is applied with here: its cheapest environment, and what only AWS takes money for. */
    public static final List<String> VARIABLES = List.of("-var-file=dev.tfvars", "-var-file=laptop.tfvars");

    private final Path directory;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private MariaDb mariaDb;
    private CertificateAuthority certificates;
    private DatabaseInstances instances;
    private LoginRules loginRules;
    private LoginBridge loginBridge;
    private FunctionHost functionHost;
    private LocalAws localAws;
    private FrontDoor frontDoor;
    private AwsClients clients;

    private LocalStack(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts every part and returns when all answer.
     *
     * @param checkout holds {@code local/aws}
     * @param directory state and logs of this stack alone
     * @param tools what is downloaded once and shared by stacks
     * @param region the region of requests that name none
     * @param frontDoorPort the first port to try for the front door, or 0 for a free one
     * @param progress takes a line for each part that is up
     * @throws IOException when a part cannot start; what had started is stopped again
     */
    public static LocalStack start(Path checkout, Path directory, Path tools, String region, int frontDoorPort,
            Consumer<String> progress) throws IOException, InterruptedException {
        return start(checkout, directory, tools, region, Ports.free(frontDoorPort), progress);
    }

    /** @param ports where the parts listened before, and do again unless another program took a port */
    static LocalStack start(Path checkout, Path directory, Path tools, String region, Ports ports, Consumer<String> progress)
            throws IOException, InterruptedException {
        LocalStack stack = new LocalStack(directory);
        try {
            stack.startParts(checkout, tools, region, ports, progress);
            return stack;
        } catch (IOException | InterruptedException | RuntimeException e) {
            stack.close();
            throw e;
        }
    }

    private void startParts(Path checkout, Path tools, String region, Ports ports, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path logs = Files.createDirectories(directory.resolve("logs"));
        int awsPort = Ports.available(ports.localAws(), Part.LOCAL_AWS, progress);
        URI awsEndpoint = URI.create("http://127.0.0.1:" + awsPort);
        clients = opened(new AwsClients(awsEndpoint, region));
        RoleSessions sessions = new RoleSessions(clients.sts());
        instances = new AwsDatabaseInstances(() -> clients.regions().stream().map(clients::rds).toList());
        HostsFile hosts = new HostsFile(directory, instances);
        loginRules = new LoginRules(
                accessKeyId -> sessions.byAccessKeyId(accessKeyId).map(session ->
                        new Credentials(session.secretAccessKey(), session.sessionToken(), session.roleArn())),
                new AwsConnectPermission(clients.iam()), instances, new AwsSecrets(clients::secretsManager), Clock.systemUTC());

        certificates = CertificateAuthority.in(directory.resolve("certificates"));
        functionHost = opened(new FunctionHost(
                new HostSettings(directory, Path.of(System.getProperty("java.home")), region)
                        .withPort(Ports.available(ports.functionHost(), "function host", progress))
                        .withEnvironment(Map.of("AWS_ENDPOINT_URL", awsEndpoint.toString()))
                        .withJavaOptions(() -> List.of(
                                "-Djdk.net.hosts.file=" + hosts.refreshed(),
                                "-Djavax.net.ssl.trustStore=" + certificates.trustStore(),
                                "-Djavax.net.ssl.trustStorePassword=" + CertificateAuthority.STORE_PASSWORD)),
                new LambdaDeployments(clients::lambda), sessions,
                new AwsLogPermission(clients.iam(), appendTo(logs.resolve("function-host.log")))));
        progress.accept("function host: " + functionHost.uri());

        CompletableFuture<MariaDb> database = CompletableFuture.supplyAsync(() -> {
            try {
                return MariaDb.start(directory.resolve("mariadb"), certificates, appendTo(logs.resolve("mariadb.log")));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        int databasePort = Ports.available(ports.loginBridge(), "login bridge", progress);
        try {
            DatabaseBackups backups = opened(new DatabaseBackups(
                    backups(directory), database::join, this::restoredLogins, hosts::restored, appendTo(logs.resolve("backups.log"))));
            localAws = opened(LocalAws.start(
                    checkout, tools, directory, awsPort, region, functionHost.uri(), databasePort, backups.uri(), backups.token()));
        } finally {
            mariaDb = opened(join(database));
        }
        progress.accept("local AWS: " + awsEndpoint);
        startLoginBridge(databasePort);
        progress.accept("MariaDB: process " + mariaDb.pid() + ", behind the login bridge on port " + loginBridge.port());

        Path published = published(directory);
        frontDoor = opened(new FrontDoor(ports.frontDoor(), awsEndpoint, () -> read(published)));
        boolean moved = ports.frontDoor() != 0 && frontDoor.url().getPort() != ports.frontDoor();
        progress.accept("front door: " + frontDoor.url() + (moved ? " (another program has port " + ports.frontDoor() + ")" : ""));
    }

    /** Names the distribution that the front door leads to, once it is deployed. */
    public static void publish(Path directory, String distributionDomainName) throws IOException {
        Files.writeString(published(directory), distributionDomainName);
    }

    /** Whether the front door leads anywhere. */
    static boolean isPublished(Path directory) {
        return Files.exists(published(directory));
    }

    /** There while an apply is under way, and after one that was interrupted. */
    static Path applyingFile(Path directory) {
        return terraformDirectory(directory).resolve("applying");
    }

    /** Where Terraform's state of a stack lies; it goes with the stack, as local AWS keeps its own in memory. */
    public static Path terraformDirectory(Path directory) {
        return directory.resolve("terraform");
    }

    /** Where dumps and restored servers of a stack lie. */
    static Path backups(Path directory) {
        return directory.resolve("backups");
    }

    /** Deletes the state of a stack that no longer runs; logs, downloads and Terraform's plugins stay. */
    static void clear(Path directory) throws IOException {
        clearApplied(directory);
        delete(directory, List.of("certificates", "functions", "mariadb/data", "runtime", "hosts"));
    }

    /** Deletes what Terraform applied, its state, and backups, which local AWS no longer knows; the database's rows stay. */
    static void clearApplied(Path directory) throws IOException {
        delete(directory, List.of("aws", "backups", "distribution", "terraform/terraform.tfstate", "terraform/terraform.tfstate.backup",
                "terraform/plan", "terraform/applying"));
        clearTemporary(directory);
    }

    /** Deletes what processes that were killed left. */
    static void clearTemporary(Path directory) throws IOException {
        delete(directory, List.of("tmp"));
    }

    private static void delete(Path directory, List<String> parts) throws IOException {
        for (String part : parts) {
            Directories.delete(directory.resolve(part));
        }
    }

    public URI localAws() {
        return localAws.endpoint();
    }

    public URI frontDoor() {
        return frontDoor.url();
    }

    /** The first column of every row of a query, run as MariaDB's administrator in the schema of the only DB instance. */
    public List<String> query(String sql) {
        String schema = new AwsDatabaseInstances(clients.rds()).list().stream().map(DatabaseInstance::dbName).findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no DB instance"));
        try (Connection connection = mariaDb.administration(); Statement statement = connection.createStatement()) {
            connection.setCatalog(schema);
            List<String> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(sql)) {
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("could not run " + sql, e);
        }
    }

    /** The version that an alias of a function points to. */
    public String aliasVersion(String functionName, String alias) {
        return clients.lambda().getAlias(request -> request.functionName(functionName).name(alias)).functionVersion();
    }

    /** Breaks every connection to the database and refuses new ones, as an outage does. */
    public void stopDatabase() throws IOException {
        loginBridge.close();
    }

    /** Ends an outage, on the same endpoint. */
    public void startDatabase() throws IOException {
        startLoginBridge(loginBridge.port());
    }

    /** Kills the database's server, as a crash of its process does; connections break, and new ones fail until it is started again. */
    public void killDatabase() {
        ProcessHandle server = ProcessHandle.of(mariaDb.pid()).orElseThrow();
        server.destroyForcibly();
        server.onExit().join();
    }

    /** Starts a killed database on what it had written. */
    public void restartDatabase() throws IOException {
        mariaDb.restart();
    }

    /** The processes of every function that run or wait at this moment. */
    public Set<ProcessHandle> functionProcesses() {
        return functionHost.processes();
    }

    /** Kills the processes of one function, so that nothing it holds outlives this. */
    public void endFunction(String functionName) {
        functionHost.processes(functionName).forEach(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    /** The clients of this stack's AWS, as the account's root. */
    public AwsClients clients() {
        return clients;
    }

    private LoginBridge restoredLogins(MariaDb server, String dbiResourceId, String region) throws IOException {
        DatabaseInstances there = new AwsDatabaseInstances(clients.rds(region));
        LoginRules rules = loginRules.of(there.only(instance -> instance.dbiResourceId().equals(dbiResourceId)));
        return new LoginBridge(0, server, certificates, rules, loginLog());
    }

    private Consumer<String> loginLog() {
        return appendTo(directory.resolve("logs/login-bridge.log"));
    }

    private void startLoginBridge(int port) throws IOException {
        Consumer<String> log = loginLog();
        // An instance at another port was restored, to a server of its own.
        LoginRules rules = loginRules.of(instances.only(instance -> instance.port() == port));
        loginBridge = opened(new LoginBridge(port, mariaDb, certificates, rules, log));
        log.accept("listens on port " + loginBridge.port() + "; each login that it refuses follows");
    }

    StackRecord record() {
        ProcessHandle server = ProcessHandle.current();
        Ports ports = new Ports(functionHost.uri().getPort(), localAws.endpoint().getPort(), loginBridge.port(), frontDoor.url().getPort());
        return new StackRecord(localAws.endpoint().toString(), frontDoor.url().toString(), ports, List.of(
                Part.of(Part.SERVER, server, "front door " + frontDoor.url() + ", function host " + functionHost.uri()
                        + ", login bridge 127.0.0.1:" + loginBridge.port()),
                Part.of(Part.LOCAL_AWS, ProcessHandle.of(localAws.pid()).orElse(server), localAws.endpoint().toString()),
                Part.of(Part.MARIADB, ProcessHandle.of(mariaDb.pid()).orElse(server), "127.0.0.1:" + mariaDb.port())));
    }

    private <T extends AutoCloseable> T opened(T part) {
        running.push(part);
        return part;
    }

    /** Stops the parts, the last started first; one that fails to stop does not keep the others running. */
    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            AutoCloseable part = running.pop();
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("could not stop " + part.getClass().getSimpleName() + ": " + e);
            }
        }
    }

    private static MariaDb join(CompletableFuture<MariaDb> database) throws IOException {
        try {
            return database.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException failure) {
                throw failure.getCause();
            }
            throw e;
        }
    }

    private static Consumer<String> appendTo(Path log) {
        return line -> {
            try {
                Files.writeString(log, Instant.now() + " " + line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException("could not write " + log, e);
            }
        };
    }

    private static Path published(Path directory) {
        return directory.resolve("distribution");
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
