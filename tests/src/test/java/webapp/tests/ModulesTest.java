package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import webapp.local.LocalStack;

/**
 * Runs {@code terraform test} in the root, in each module, and in each example with each of its files of variables: every run of a test
 * file is one test here. Two commands run at a time, the one with the most runs first, beside the other classes.
 */
@Execution(ExecutionMode.CONCURRENT)
class ModulesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final Duration INIT_LIMIT = Duration.ofMinutes(5);
    private static final Duration TEST_LIMIT = Duration.ofMinutes(20);
    private static final ExecutorService COMMANDS = Executors.newFixedThreadPool(2);

    @TempDir
    private static Path temporary;

    @TestFactory
    Stream<DynamicContainer> modules() throws IOException {
        List<Module> modules = new ArrayList<>();
        modules.add(new Module("root", CHECKOUT, List.of()));
        for (Path module : list(CHECKOUT.resolve("modules"))) {
            modules.add(new Module(module.getFileName().toString(), module, List.of()));
        }
        for (Path example : list(CHECKOUT.resolve("examples"))) {
            String name = "examples/" + example.getFileName();
            List<Path> files = list(example).stream().filter(file -> file.toString().endsWith(".tfvars")).toList();
            if (files.isEmpty()) {
                modules.add(new Module(name, example, List.of()));
            }
            for (Path file : files) {
                // The laptop's come after an environment's.
                List<String> arguments = LocalStack.VARIABLES.getLast().equals("-var-file=" + file.getFileName())
                        ? LocalStack.VARIABLES : List.of("-var-file=" + file);
                modules.add(new Module(name + " with " + file.getFileName(), example, arguments));
            }
        }
        Map<Module, CompletableFuture<List<DynamicTest>>> results = new HashMap<>();
        modules.stream().sorted(Comparator.comparingLong(Module::runs).reversed())
                .forEach(module -> results.put(module, CompletableFuture.supplyAsync(() -> test(module), COMMANDS)));
        // Lazily: a module's tests are reported when its command has ended, whatever the others do.
        return modules.stream().map(module -> DynamicContainer.dynamicContainer(module.name(),
                Stream.of(results.get(module)).flatMap(result -> result.join().stream())));
    }

    @AfterAll
    static void stop() {
        COMMANDS.shutdownNow();
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static List<DynamicTest> test(Module module) {
        try {
            return runs(module);
        } catch (RuntimeException e) {
            return List.of(DynamicTest.dynamicTest("runs terraform test", () -> {
                throw e;
            }));
        }
    }

    private static List<DynamicTest> runs(Module module) {
        String data = module.dataDirectory().toString();
        String init;
        synchronized (SharedFiles.LOCK) {
            init = new Command(module.directory(), Map.of("TF_DATA_DIR", data))
                    .runWithin(INIT_LIMIT, "terraform", "init", "-backend=false", "-input=false", "-no-color");
        }
        List<String> test = new ArrayList<>(List.of("terraform", "test", "-json", "-no-color"));
        test.addAll(module.arguments());
        String output;
        try (AttachedProvider provider = new AttachedProvider(module.dataDirectory(), temporary)) {
            // Go's own settings: a third of the processor time went to collecting garbage around the provider's schema, which stays throughout.
            output = new Command(module.directory(), Map.of("TF_DATA_DIR", data, "TF_REATTACH_PROVIDERS", provider.address(), "GOGC", "400",
                    "GOMEMLIMIT", "1GiB"))
                    .executeWithin(TEST_LIMIT, test.toArray(String[]::new)).output();
        }
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest("initialises", () -> assertThat(init).contains("successfully initialized")));
        int before = tests.size();
        StringBuilder diagnostics = new StringBuilder();
        output.lines().map(ModulesTest::parse).forEach(line -> {
            if (line.path("type").asText().equals("diagnostic")) {
                JsonNode diagnostic = line.path("diagnostic");
                diagnostics.append(line.path("@testrun").asText()).append(": ").append(diagnostic.path("summary").asText())
                        .append(": ").append(diagnostic.path("detail").asText()).append('\n');
            }
            JsonNode run = line.path("test_run");
            if (run.path("progress").asText().equals("complete")) {
                tests.add(DynamicTest.dynamicTest(run.path("path").asText() + ": " + run.path("run").asText(),
                        () -> assertThat(run.path("status").asText()).as(diagnostics.toString()).isEqualTo("pass")));
            }
        });
        boolean ran = tests.size() > before;
        tests.add(DynamicTest.dynamicTest("has tests", () -> assertThat(ran).as(diagnostics.toString()).isTrue()));
        return tests;
    }

    private static JsonNode parse(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException("terraform test printed a line that is not JSON: " + line, e);
        }
    }

    private record Module(String name, Path directory, List<String> arguments) {
        Path dataDirectory() {
            return CHECKOUT.resolve(".local/terraform/modules").resolve(name.replaceAll("\\W+", "-"));
        }

        /** How many runs its test files have, which orders the modules by how long they take. */
        long runs() {
            try (Stream<Path> files = Files.list(directory.resolve("tests"))) {
                long runs = 0;
                for (Path file : files.filter(path -> path.toString().endsWith(".tftest.hcl")).toList()) {
                    runs += Files.readAllLines(file).stream().filter(line -> line.startsWith("run ")).count();
                }
                return runs;
            } catch (IOException e) {
                throw new UncheckedIOException("could not read the tests of " + name, e);
            }
        }
    }
}
