package webapp.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs the tests that are not Java, on the Python and the node of local AWS. */
class BridgesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    private static PythonEnvironment python;

    @BeforeAll
    static void prepare() throws Exception {
        Path logs = Files.createDirectories(CHECKOUT.resolve(".local/logs"));
        python = PythonEnvironment.prepare(CHECKOUT.resolve(".local/tools/python"),
                CHECKOUT.resolve("local/aws/requirements.txt"), logs.resolve("python.log"));
    }

    @Test
    void bridgesPassTheirTests() throws Exception {
        String output = run(CHECKOUT.resolve("local/aws"), python.python().toString(), "-m", "unittest", "discover");
        assertThat(count(output, "Ran (\\d+) tests?")).as(output).isPositive();
        assertThat(output).doesNotContain("skipped=");
    }

    @Test
    void cleanUrlFunctionPassesItsTests() throws Exception {
        String output = run(CHECKOUT.resolve("modules/edge"), "node", "--test", "--test-reporter=tap", "tests/clean-urls.test.mjs");
        assertThat(count(output, "# pass (\\d+)")).as(output).isPositive();
        assertThat(count(output, "# skipped (\\d+)")).as(output).isZero();
    }

    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of("env", "PATH=" + python.nodeDirectory() + ":" + System.getenv("PATH"),
                "PYTHONDONTWRITEBYTECODE=1"))).directory(directory.toFile()).redirectErrorStream(true);
        builder.command().addAll(List.of(command));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static int count(String output, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return Integer.parseInt(matcher.group(1));
    }
}
