package webapp.benchmarks;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;
import webapp.benchmarks.functions.BareHandler;
import webapp.benchmarks.functions.JdbcHandler;
import webapp.local.aws.PythonEnvironment;

/** Every variant, built and ready to start. */
final class Variants {
    static final String PYTHON = "python";
    static final String BARE = "bare";
    static final String JDBC = "jdbc";
    static final String USERS = "users";
    static final String USERS_RESTORED = "users-restored";
    static final String JDBC_AOT = "jdbc-aot";
    static final String USERS_AOT = "users-aot";
    static final String CATALOG = "catalog";
    static final String CATALOG_RESTORED = "catalog-restored";
    static final String SPRING = "spring";
    static final String SPRING_RESTORED = "spring-restored";
    static final String TICK = "tick";
    static final String TICK_PYTHON = "tick-python";

    private static final String USERS_HANDLER = "webapp.api.users.UsersHandler";
    private static final String CATALOG_HANDLER = "webapp.api.catalog.CatalogHandler";
    private static final String SPRING_HANDLER = "webapp.benchmarks.spring.StreamLambdaHandler";
    private static final String SCHEDULER_HANDLER = "webapp.backup.SchedulerHandler";
    /** Memory, in MB, and time limit, in seconds, that the modules give: of the functions behind the API, and of the scheduler of backups. */
    private static final int API_MEMORY = 1024;
    private static final int API_TIMEOUT = 30;
    static final int BACKUP_MEMORY = 512;
    static final int BACKUP_TIMEOUT = 240;
    static final String BACKUP_OPTIONS = "-XX:NewSize=12m -XX:SurvivorRatio=2";
    private static final int FIRST_JDK_WITH_ONE_STEP_CACHE = 25;
    private static final int TRAINING_CALLS = 300;

    private final Path checkout;
    private final Path work;
    private final TestBed testBed;
    private final int processor;
    private final String runtimeClassPath;
    private final Path nativeLibrary;

    /**
     * @param work holds everything that is made for the benchmark
     * @param processor on which caches are trained
     */
    Variants(Path checkout, Path work, TestBed testBed, int processor) throws IOException {
        this.checkout = checkout;
        this.work = work;
        this.testBed = testBed;
        this.processor = processor;
        this.runtimeClassPath = Stream.of(AWSLambda.class, PojoSerializer.class, LambdaRuntime.class, SdkInternalThreadLocal.class)
                .map(Variants::jarOf)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
        this.nativeLibrary = unpackNativeLibrary(Files.createDirectories(work.resolve("runtime")));
    }

    /**
     * @param chosen names of variants, of which none means all; behind a name, after blanks, JVM options to try with it
     * @return in the order of the table
     */
    List<Variant> build(List<String> chosen) throws IOException, InterruptedException {
        Path functionJar = checkout.resolve("dist/api.jar");
        Payload users = payload(functionJar, USERS, name -> true, List.of());
        Payload jdbc = payload(functionJar, JDBC, Variants::needsNoJdbi, List.of(JdbcHandler.class));
        Payload bare = payload(
                functionJar, BARE, name -> needsNoJdbi(name) && !name.startsWith("webapp/"), List.of(BareHandler.class));

        List<Variant> all = new ArrayList<>();
        all.add(python(users.authorities()));
        all.add(zip(BARE, "Java, bare JDBC", Read.USER, bare, BareHandler.class.getName(), false));
        all.add(zip(JDBC, "Java, JDBC on `lambdas/core`", Read.USER, jdbc, JdbcHandler.class.getName(), false));
        all.add(zip(USERS, "Java, `users` as built (Jdbi)", Read.USER, users, USERS_HANDLER, false));
        if (Runtime.version().feature() >= FIRST_JDK_WITH_ONE_STEP_CACHE) {
            all.add(aot(JDBC_AOT, "JDBC on `lambdas/core`, AOT cache", jdbc, JdbcHandler.class.getName()));
            all.add(aot(USERS_AOT, "`users`, AOT cache", users, USERS_HANDLER));
        } else {
            System.out.println("Without the variants with an AOT cache and their gate: they need a JDK " + FIRST_JDK_WITH_ONE_STEP_CACHE
                    + ", this is " + Runtime.version().feature());
        }
        all.add(zip(USERS_RESTORED, "`users`, after a played SnapStart restore", Read.USER, users, USERS_HANDLER, true));
        all.add(zip(CATALOG, "Java, `catalog` as built (Jdbi)", Read.PRODUCT, users, CATALOG_HANDLER, false));
        all.add(zip(CATALOG_RESTORED, "`catalog`, after a played SnapStart restore", Read.PRODUCT, users, CATALOG_HANDLER, true));
        // Not a part of the build that make test runs.
        if (chosen.isEmpty() || chosen.stream().anyMatch(choice -> choice.startsWith(SPRING))) {
            Payload spring =
                    Payload.ofJars(checkout.resolve("benchmarks/spring/target/lib"), work.resolve(SPRING), users.authorities());
            all.add(spring(SPRING, "Java, Spring Boot", spring, false));
            all.add(spring(SPRING_RESTORED, "Spring Boot, after a played SnapStart restore", spring, true));
        }
        if (chosen.isEmpty() || chosen.stream().anyMatch(choice -> choice.startsWith(TICK))) {
            all.add(pythonTick());
            all.add(tick());
        }
        List<Variant> variants = chosen.isEmpty() ? all : chosen.stream().map(choice -> choose(choice, all)).toList();
        for (Variant variant : variants) {
            train(variant);
        }
        return variants;
    }

    /** The function jar with another handler, played from a snapshot. */
    Variant restored(Class<?> handler) throws IOException {
        String name = handler.getSimpleName();
        Payload payload = payload(checkout.resolve("dist/api.jar"), name, entry -> true, List.of(handler));
        return zip(name, name, Read.USER, payload, handler.getName(), true);
    }

    private Payload payload(Path functionJar, String name, Predicate<String> keep, List<Class<?>> handlers) throws IOException {
        return Payload.of(functionJar, work.resolve(name), keep, handlers, testBed.authority());
    }

    private static boolean needsNoJdbi(String entry) {
        return Stream.of("org/jdbi/", "org/antlr/", "io/leangen/", "webapp/api/", "org/slf4j/").noneMatch(entry::startsWith);
    }

    private Variant python(Path authorities) throws IOException, InterruptedException {
        Path directory = Files.createDirectories(work.resolve(PYTHON));
        return new Variant(PYTHON, "Python, PyMySQL", Read.USER, List.of(pythonEnvironment().python().toString(), "bootstrap.py", "users"), directory,
                Map.of("DATABASE_AUTHORITIES", authorities.toString()), null, false, 1, API_MEMORY, API_TIMEOUT, sources(directory, "users.py"));
    }

    private PythonEnvironment pythonEnvironment() throws IOException, InterruptedException {
        return PythonEnvironment.prepare(
                work.resolve("python-environment"), checkout.resolve("benchmarks/requirements.txt"), work.resolve("pip.log"));
    }

    /** @return bytes of what was copied: the handler and what calls it */
    private long sources(Path directory, String handler) throws IOException {
        long size = 0;
        for (String name : List.of("bootstrap.py", handler)) {
            Path file = directory.resolve(name);
            Files.copy(checkout.resolve("benchmarks/src/main/python").resolve(name), file, StandardCopyOption.REPLACE_EXISTING);
            size += Files.size(file);
        }
        return size;
    }

    /** The scheduler of backups as modules/backup deploys it: from the zip, without SnapStart. */
    private Variant tick() throws IOException {
        Payload payload = payload(checkout.resolve("dist/backup.jar"), TICK, entry -> true, List.of());
        Path trustStore = Trust.store(work.resolve(TICK).resolve("authorities.jks"), testBed.authority());
        List<String> command = java(BACKUP_MEMORY, List.of("-Djavax.net.ssl.trustStore=" + trustStore), runtimeClassPath, SCHEDULER_HANDLER);
        return new Variant(TICK, "Java, the scheduler as built", null, command, payload.directory(), Map.of("JAVA_TOOL_OPTIONS", BACKUP_OPTIONS), null,
                false, 2, BACKUP_MEMORY, BACKUP_TIMEOUT, payload.size());
    }

    private Variant pythonTick() throws IOException, InterruptedException {
        PythonEnvironment environment = pythonEnvironment();
        Path directory = Files.createDirectories(work.resolve(TICK_PYTHON));
        Path bundle = Trust.bundle(directory.resolve("authorities.pem"), environment.file("botocore/cacert.pem"), testBed.authority());
        return new Variant(TICK_PYTHON, "Python, boto3", null, List.of(environment.python().toString(), "bootstrap.py", "tick"), directory,
                Map.of("AWS_CA_BUNDLE", bundle.toString()), null, false, 2, BACKUP_MEMORY, BACKUP_TIMEOUT, sources(directory, "tick.py"));
    }

    /** As Lambda's managed runtime starts it: the runtime on the class path, the function from its task root. */
    private Variant zip(String name, String title, Read read, Payload payload, String handler, boolean restored) throws IOException {
        return new Variant(name, title, read, java(API_MEMORY, List.of(), runtimeClassPath, handler), payload.directory(), Map.of(), null,
                restored, 1, API_MEMORY, API_TIMEOUT, payload.size());
    }

    private Variant spring(String name, String title, Payload payload, boolean restored) throws IOException {
        return new Variant(name, title, Read.PRODUCT, java(API_MEMORY, List.of(), runtimeClassPath, SPRING_HANDLER), payload.directory(),
                Map.of(), null, restored, 2, API_MEMORY, API_TIMEOUT, payload.size());
    }

    /** As a custom runtime starts it: all on one class path, with a cache of the classes it loads. */
    private Variant aot(String name, String title, Payload payload, String handler) throws IOException {
        Path directory = Files.createDirectories(work.resolve(name));
        Path cache = directory.resolve("function.aot");
        String classPath = payload.jar() + File.pathSeparator + runtimeClassPath;
        return new Variant(name, title, Read.USER, java(API_MEMORY, List.of("-XX:AOTCache=" + cache), classPath, handler), directory, Map.of(), cache,
                false, 1, API_MEMORY, API_TIMEOUT, payload.size());
    }

    private static Variant choose(String choice, List<Variant> all) {
        List<String> parts = List.of(choice.split(" "));
        Variant variant = all.stream().filter(known -> known.name().equals(parts.get(0))).findFirst().orElseThrow(() ->
                new IllegalArgumentException("no variant " + parts.get(0) + ": choose of " + all.stream().map(Variant::name).toList()));
        List<String> command = new ArrayList<>(variant.command());
        command.addAll(1, parts.subList(1, parts.size()));
        return variant.with(choice, command);
    }

    /** Makes the cache of a variant by a run of some calls, at whose end the JVM writes it. */
    private void train(Variant variant) throws IOException, InterruptedException {
        Path cache = variant.cache();
        if (cache == null) {
            return;
        }
        Files.deleteIfExists(cache);
        List<String> command = variant.command().stream().map(option -> option.replace("-XX:AOTCache=", "-XX:AOTCacheOutput=")).toList();
        Path log = variant.directory().resolve("training.log");
        try (FunctionRun run = new FunctionRun(variant.with(variant.name(), command), testBed, processor, log)) {
            run.firstAnswer();
            run.warmCalls(TRAINING_CALLS);
            run.end();
        }
        if (!Files.exists(cache)) {
            throw new IOException("the training run made no cache; its log is " + log + ":\n" + Files.readString(log));
        }
    }

    /** As the managed runtimes start a function of so many MB: heap, collector, compiler and properties are theirs. */
    private List<String> java(int memory, List<String> options, String classPath, String handler) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + memory * 85 / 100 + "m",
                // The machine as the function sees it. The JVM makes its first heap 1/64 of that, and not of this machine's memory.
                "-XX:MaxRAM=" + memory + "m",
                "-XX:-UsePerfData",
                "-Djava.net.preferIPv4Stack=true",
                "--enable-native-access=ALL-UNNAMED",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI=" + nativeLibrary,
                // Without it org.crac finds no implementation and never calls a hook.
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, AWSLambda.class.getName(), handler));
        return command;
    }

    private static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Looking for the jar of " + type, e);
        }
    }

    private static Path unpackNativeLibrary(Path directory) throws IOException {
        String name = "libaws-lambda-jni.linux-x86_64.so";
        try (InputStream in = AWSLambda.class.getResourceAsStream("/jni/" + name)) {
            Path library = directory.resolve(name);
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
            return library;
        }
    }
}
