package webapp.local.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import software.amazon.awssdk.arns.Arn;

/**
 * Runs deployed functions on AWS's own runtime interface client: {@code POST /functions/{name}} invokes one, with the event as body. The
 * headers {@code X-Amzn-Lambda-Function-Version} (default {@code $LATEST}), {@code X-Amzn-Lambda-Function-Arn},
 * {@code X-Amzn-Lambda-Request-Id} and {@code X-Amzn-Trace-Id} say more about it; the ARN also says in which region it is deployed. Its deadline is the deployment's timeout from when a
 * process has it; a header {@code -Deadline-Ms} counts from before the initialisation and is not read. Answer 200 carries the function's
 * result; anything else is {@code {"errorType", "errorMessage"}}: 502 an error of the function, 404 no such function, 413 too large an
 * event, 429 throttled, 500 an error on the way to it. {@code GET /functions} lists the versions that have run, each a
 * {@link FunctionStatus}. What differs from Lambda is told in the package's description.
 */
public final class FunctionHost implements AutoCloseable {
    /** The largest event Lambda takes, in bytes. */
    static final int MAXIMUM_REQUEST = 6 * 1024 * 1024;

    private static final String PATH = "/functions/";
    private static final String LIST = "/functions";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FUNCTION_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Duration LONGEST_REAPING_INTERVAL = Duration.ofSeconds(30);
    private static final int STATUS_TIMEOUT = (int) Duration.ofSeconds(2).toMillis();

    private final HostSettings settings;
    private final Deployments deployments;
    private final RoleSessions sessions;
    private final LogPermission logPermission;
    private final ProcessLauncher launcher;
    private final Map<String, FunctionPool> pools = new HashMap<>();
    /** Pools of replaced deployments, whose last processes may still be busy. */
    private final List<FunctionPool> retired = new ArrayList<>();
    private final ConcurrentMap<String, FunctionLog> logs = new ConcurrentHashMap<>();
    private final ScheduledExecutorService reaper =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("function-reaper").daemon().factory());
    private final LoopbackServer server;
    private boolean closed;

    /** Listens from here on. */
    public FunctionHost(HostSettings settings, Deployments deployments, RoleSessions sessions, LogPermission logPermission) throws IOException {
        this.settings = settings;
        this.deployments = deployments;
        this.sessions = sessions;
        this.logPermission = logPermission;
        this.launcher = new ProcessLauncher(settings);
        Files.createDirectories(logs());
        this.server = new LoopbackServer(settings.port(), MAXIMUM_REQUEST, this::answer);
        long interval = Math.min(settings.idleTime().toMillis() / 2 + 1, LONGEST_REAPING_INTERVAL.toMillis());
        reaper.scheduleWithFixedDelay(this::reap, interval, interval, TimeUnit.MILLISECONDS);
    }

    /** Where it listens: {@code http://127.0.0.1:PORT}. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /** The file with everything a function's processes wrote, and the platform's lines. */
    public Path logFile(String functionName) {
        return logFile(settings.region(), functionName);
    }

    /** A function of another region than the settings' has that in its file's name: no function's name holds a dot. */
    Path logFile(String region, String functionName) {
        return logs().resolve(region.equals(settings.region()) ? functionName + ".log" : functionName + '.' + region + ".log");
    }

    private Path logs() {
        return settings.directory().resolve("logs");
    }

    private LoopbackServer.Response answer(LoopbackServer.Request request) throws InterruptedException {
        if (request.method().equals("GET") && request.path().equals(LIST)) {
            return LoopbackServer.Response.json(200, list());
        }
        if (!request.method().equals("POST") || !request.path().startsWith(PATH)) {
            return error(404, Map.of(), "UnknownOperationException", "Invoke by POST " + PATH + "{name}");
        }
        String functionName = request.path().substring(PATH.length());
        if (!FUNCTION_NAME.matcher(functionName).matches()) {
            return error(404, Map.of("Type", "User"), "ResourceNotFoundException", "Not a function's name: " + functionName);
        }
        String version = request.headers().getOrDefault("X-Amzn-Lambda-Function-Version", "$LATEST");
        if (request.length() > MAXIMUM_REQUEST) {
            return error(413, Map.of("Type", "User"), "RequestTooLargeException",
                    "Request must be smaller than " + MAXIMUM_REQUEST + " bytes for the InvokeFunction operation");
        }
        String region = region(request);
        try {
            Optional<Deployment> deployment = deployments.find(region, functionName, version);
            if (deployment.isEmpty()) {
                return error(404, Map.of("Type", "User"), "ResourceNotFoundException",
                        "Function not found: " + functionName + ':' + version);
            }
            Outcome outcome = pool(deployment.get()).invoke(invocation(request, deployment.get()));
            return outcome.failed()
                    ? new LoopbackServer.Response(502, Map.of("Content-Type", "application/json", "X-Amz-Function-Error", "Unhandled",
                            "Lambda-Runtime-Function-Error-Type", outcome.errorType()), outcome.body())
                    : LoopbackServer.Response.json(200, outcome.body());
        } catch (FunctionPool.ThrottledException e) {
            return error(429, Map.of("Reason", "ConcurrentInvocationLimitExceeded", "Type", "User"), "TooManyRequestsException",
                    "Rate Exceeded.");
        } catch (IOException | RuntimeException e) {
            return failure(region, functionName, version, e);
        }
    }

    private String region(LoopbackServer.Request request) {
        return Optional.ofNullable(request.headers().get("X-Amzn-Lambda-Function-Arn"))
                .flatMap(Arn::tryFromString).flatMap(Arn::region).orElse(settings.region());
    }

    private static Invocation invocation(LoopbackServer.Request request, Deployment deployment) {
        Map<String, String> headers = request.headers();
        return new Invocation(
                headers.getOrDefault("X-Amzn-Lambda-Request-Id", UUID.randomUUID().toString()),
                headers.getOrDefault("X-Amzn-Lambda-Function-Arn", deployment.arn()),
                headers.get("X-Amzn-Trace-Id"),
                request.body());
    }

    private LoopbackServer.Response failure(String region, String functionName, String version, Exception failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        String message = functionName + ':' + version + " failed before it ran: ";
        log(region, functionName).line(message + trace);
        return error(500, Map.of(), "ServiceException", message + failure.getMessage());
    }

    private static LoopbackServer.Response error(int status, Map<String, String> first, String errorType, String errorMessage) {
        return new LoopbackServer.Response(status, Map.of("Content-Type", "application/json", "X-Amzn-ErrorType", errorType),
                Outcome.json(first, errorType, errorMessage));
    }

    /** The processes of a deployment; those of the one it replaces end. */
    private synchronized FunctionPool pool(Deployment deployment) {
        if (closed) {
            throw new IllegalStateException("The function host is closing");
        }
        String name = deployment.region() + ':' + deployment.functionName() + ':' + deployment.version();
        FunctionPool pool = pools.get(name);
        if (pool != null && pool.deployment().sameAs(deployment)) {
            return pool;
        }
        if (pool != null) {
            pool.retire();
            retired.add(pool);
        }
        FunctionLog log = log(deployment.region(), deployment.functionName());
        FunctionPool replacement = new FunctionPool(
                deployment, launcher, sessions, () -> logPermission.mayWriteLogs(deployment) ? log : log.lost(), settings);
        pools.put(name, replacement);
        return replacement;
    }

    private FunctionLog log(String region, String functionName) {
        return logs.computeIfAbsent(region + ':' + functionName, name -> new FunctionLog(logFile(region, functionName)));
    }

    private synchronized byte[] list() {
        try {
            return JSON.writeValueAsBytes(pools.values().stream().map(FunctionPool::status)
                    .sorted(Comparator.comparing(FunctionStatus::functionName).thenComparing(FunctionStatus::region).thenComparing(FunctionStatus::version)).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Writing the list of functions", e);
        }
    }

    /**
     * What the function host at this address lists.
     *
     * @throws IOException when it does not answer within two seconds
     */
    public static List<FunctionStatus> list(URI host) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) host.resolve(LIST).toURL().openConnection();
        connection.setConnectTimeout(STATUS_TIMEOUT);
        connection.setReadTimeout(STATUS_TIMEOUT);
        try (InputStream answer = connection.getInputStream()) {
            return List.of(JSON.readValue(answer, FunctionStatus[].class));
        }
    }

    private synchronized void reap() {
        pools.values().forEach(pool -> pool.reap(settings.idleTime()));
    }

    /** The processes that run or wait at this moment. */
    public synchronized Set<ProcessHandle> processes() {
        Set<ProcessHandle> processes = new HashSet<>();
        everyPool().forEach(pool -> processes.addAll(pool.processes()));
        return processes;
    }

    /** Those of one function, in every region. */
    public synchronized Set<ProcessHandle> processes(String functionName) {
        Set<ProcessHandle> processes = new HashSet<>();
        everyPool().stream().filter(pool -> pool.deployment().functionName().equals(functionName))
                .forEach(pool -> processes.addAll(pool.processes()));
        return processes;
    }

    private List<FunctionPool> everyPool() {
        List<FunctionPool> every = new ArrayList<>(pools.values());
        every.addAll(retired);
        return every;
    }

    /** Kills every process, also busy ones, and waits until they are gone. */
    @Override
    public void close() {
        List<FunctionPool> closing;
        synchronized (this) {
            closed = true;
            closing = everyPool();
        }
        reaper.shutdownNow();
        closing.forEach(FunctionPool::close);
        server.close();
    }
}
