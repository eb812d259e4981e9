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

/** Runs {@code terraform test} in the root and in each module: every run of a test file is one test here. */
class ModulesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @TestFactory
    Stream<DynamicContainer> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        try (Stream<Path> directories = Files.list(CHECKOUT.resolve("modules"))) {
            directories.sorted().forEach(modules::add);
        }
        modules.addFirst(CHECKOUT);
        // Lazily: a module's command runs when its tests are asked for.
        return modules.stream().map(module -> DynamicContainer.dynamicContainer(
                module.equals(CHECKOUT) ? "root" : module.getFileName().toString(),
                Stream.of(module).flatMap(ModulesTest::runs)));
    }

    private static Stream<DynamicTest> runs(Path module) {
        Command terraform = new Command(module, Map.of(
                "TF_DATA_DIR", CHECKOUT.resolve(".local/terraform/modules").resolve(module.getFileName()).toString()));
        String init = terraform.run("terraform", "init", "-backend=false", "-input=false", "-no-color");
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(DynamicTest.dynamicTest("initialises", () -> assertThat(init).contains("successfully initialized")));
        int before = tests.size();
        StringBuilder diagnostics = new StringBuilder();
        terraform.tryRun("terraform", "test", "-json", "-no-color").lines().map(ModulesTest::parse).forEach(line -> {
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
