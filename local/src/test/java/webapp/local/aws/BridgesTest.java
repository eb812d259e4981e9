package webapp.local.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the bridges' own Python tests against local AWS. */
class BridgesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @Test
    void bridgesPassTheirTests() throws Exception {
        Path logs = Files.createDirectories(CHECKOUT.resolve(".local/logs"));
        Path aws = CHECKOUT.resolve("local/aws");
        PythonEnvironment python = PythonEnvironment.prepare(CHECKOUT.resolve(".local/tools/python"),
                aws.resolve("requirements.txt"), logs.resolve("python.log"));
        ProcessBuilder builder = new ProcessBuilder(python.python().toString(), "-m", "unittest", "discover", "-s", "tests")
                .directory(aws.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", python.nodeDirectory() + ":" + System.getenv("PATH"));
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(output).isZero();
        Matcher ran = Pattern.compile("Ran (\\d+) tests?").matcher(output);
        assertThat(ran.find()).as(output).isTrue();
        assertThat(Integer.parseInt(ran.group(1))).as(output).isPositive();
        assertThat(output).doesNotContain("skipped=");
    }
}
