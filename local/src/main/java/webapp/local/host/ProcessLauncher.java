package webapp.local.host;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;
import webapp.local.files.Directories;

/** Starts the operating-system process of a function: AWS's runtime interface client, with the environment Lambda would give it. */
final class ProcessLauncher {
    /** The share of the memory size the managed Java runtimes give to the heap. */
    private static final double HEAP_SHARE = 0.85;

    private final HostSettings settings;
    private final CodeStore codeStore;
    private final String classPath;
    private final Path nativeLibrary;

    ProcessLauncher(HostSettings settings) throws IOException {
        this.settings = settings;
        this.codeStore = new CodeStore(settings.directory().resolve("functions"));
        this.classPath = Stream.of(AWSLambda.class, PojoSerializer.class, LambdaRuntime.class, SdkInternalThreadLocal.class)
                .map(ProcessLauncher::jarOf)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        this.nativeLibrary = unpackNativeLibrary(settings.directory().resolve("runtime"));
        Files.createDirectories(settings.directory().resolve("tmp"));
    }

    /** A started process and the directory that only it writes to. */
    record Launched(Process process, Path temporaryDirectory) {}

    Launched launch(Deployment deployment, RuntimeApi runtimeApi, RoleSessions.Session session, FunctionLog log)
            throws IOException {
        Path taskRoot = codeStore.taskRoot(deployment);
        Path temporaryDirectory = Files.createTempDirectory(settings.directory().resolve("tmp"), deployment.functionName() + '-');
        ProcessBuilder builder = new ProcessBuilder(command(deployment, temporaryDirectory))
                .directory(taskRoot.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(log.output());
        builder.environment().clear();
        builder.environment().putAll(environment(deployment, taskRoot, runtimeApi, session));
        try {
            return new Launched(builder.start(), temporaryDirectory);
        } catch (IOException e) {
            Directories.delete(temporaryDirectory);
            throw e;
        }
    }

    private List<String> command(Deployment deployment, Path temporaryDirectory) {
        List<String> command = new ArrayList<>();
        command.add(settings.javaHome().resolve("bin/java").toString());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + (int) (deployment.memorySize() * HEAP_SHARE) + "m",
                // Nothing is written outside the host's directory: no performance data, no crash report, no temporary file.
                "-XX:-UsePerfData",
                "-XX:ErrorFile=" + temporaryDirectory.resolveSibling("java-error-%p.log"),
                "-Djava.io.tmpdir=" + temporaryDirectory,
                // A developer's ~/.aws must not reach a function.
                "-Duser.home=" + temporaryDirectory,
                "--enable-native-access=ALL-UNNAMED",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + nativeLibrary,
                // Without it org.crac finds no implementation and never calls a hook.
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac"));
        command.addAll(settings.javaOptions().get());
        command.addAll(List.of("-cp", classPath, AWSLambda.class.getName(), deployment.handler()));
        return command;
    }

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime">Variables</a> */
    private Map<String, String> environment(
            Deployment deployment, Path taskRoot, RuntimeApi runtimeApi, RoleSessions.Session session) {
        Map<String, String> environment = new HashMap<>();
        environment.put("LANG", "en_US.UTF-8");
        environment.put("TZ", ":UTC");
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.putAll(settings.environment());
        environment.putAll(deployment.environment());
        // What follows is reserved: Lambda refuses a deployment that sets it.
        environment.put("_HANDLER", deployment.handler());
        environment.put("LAMBDA_TASK_ROOT", taskRoot.toString());
        environment.put("AWS_REGION", deployment.region());
        environment.put("AWS_DEFAULT_REGION", deployment.region());
        environment.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + deployment.runtime());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", deployment.functionName());
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", deployment.version());
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(deployment.memorySize()));
        environment.put("AWS_LAMBDA_LOG_GROUP_NAME", deployment.logging().group());
        environment.put("AWS_LAMBDA_LOG_STREAM_NAME", LocalDate.now(ZoneOffset.UTC).toString().replace('-', '/')
                + '[' + deployment.version() + ']' + UUID.randomUUID().toString().replace("-", ""));
        environment.put("AWS_LAMBDA_LOG_FORMAT", deployment.logging().format());
        if (deployment.logging().applicationLevel() != null) {
            environment.put("AWS_LAMBDA_LOG_LEVEL", deployment.logging().applicationLevel());
        }
        environment.put("AWS_LAMBDA_RUNTIME_API", runtimeApi.address());
        if (deployment.snapStart()) {
            // Keys in a snapshot would expire with it: a restored function gets them from an endpoint instead.
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", runtimeApi.credentialsUri());
            environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", runtimeApi.credentialsToken());
        } else {
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
            environment.put("AWS_ACCESS_KEY_ID", session.accessKeyId());
            environment.put("AWS_SECRET_ACCESS_KEY", session.secretAccessKey());
            environment.put("AWS_SESSION_TOKEN", session.sessionToken());
        }
        return environment;
    }

    private static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Looking for the jar of " + type, e);
        }
    }

    /** The runtime client would copy it to {@code /tmp} at each start, over the one other processes have loaded. */
    private static Path unpackNativeLibrary(Path directory) throws IOException {
        String architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        String name = "libaws-lambda-jni.linux-" + architecture + ".so";
        Files.createDirectories(directory);
        Path library = directory.resolve(name);
        Path partial = Files.createTempFile(directory, name, ".partial");
        try (InputStream in = AWSLambda.class.getResourceAsStream("/jni/" + name)) {
            if (in == null) {
                throw new FileNotFoundException("The runtime interface client has no " + name);
            }
            Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
            Files.move(partial, library, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
        return library;
    }
}
