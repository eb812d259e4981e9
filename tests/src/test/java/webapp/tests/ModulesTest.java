package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs {@code terraform test} in the root, in each module, and in each example with each of its files of variables: every run of a test
 * file is one test here.
 */
class ModulesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @TestFactory
    Stream<DynamicContainer> modules() throws IOException {
        List<DynamicContainer> containers = new ArrayList<>();
        containers.add(container(CHECKOUT, "root", List.of()));
        for (Path module : list(CHECKOUT.resolve("modules"))) {
            containers.add(container(module, module.getFileName().toString(), List.of()));
        }
        for (Path example : list(CHECKOUT.resolve("examples"))) {
            String name = "examples/" + example.getFileName();
            List<Path> files = list(example).stream().filter(file -> file.toString().endsWith(".tfvars")).toList();
            if (files.isEmpty()) {
                containers.add(container(example, name, List.of()));
            }
            for (Path file : files) {
                containers.add(container(example, name + " with " + file.getFileName(), List.of("-var-file=" + file)));
            }
        }
        return containers.stream();
    }

    private static DynamicContainer container(Path directory, String name, List<String> arguments) {
        // Lazily: the command runs when its tests are asked for.
        return DynamicContainer.dynamicContainer(name, Stream.of(directory).flatMap(path -> runs(path, arguments)));
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private static Stream<DynamicTest> runs(Path directory, List<String> arguments) {
        Command terraform = new Command(directory, Map.of(
                "TF_DATA_DIR", CHECKOUT.resolve(".local/terraform/modules").resolve(directory.getFileName()).toString()));
        String init = terraform.run("terraform", "init", "-backend=false", "-input=false", "-no-color");
        List<String> test = new ArrayList<>(List.of("terraform", "test", "-json", "-no-color"));
        test.addAll(arguments);
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest("initialises", () -> assertThat(init).contains("successfully initialized")));
        int before = tests.size();
        StringBuilder diagnostics = new StringBuilder();
        terraform.tryRun(test.toArray(String[]::new)).lines().map(ModulesTest::parse).forEach(line -> {
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
        return tests.stream();
    }

    private static JsonNode parse(String line) {
        try {
            return new ObjectMapper().readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException("terraform test printed a line that is not JSON: " + line, e);
        }
    }
}
