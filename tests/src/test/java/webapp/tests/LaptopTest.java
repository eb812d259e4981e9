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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a developer types, in a fresh copy of the files under version control: make up, up again, status, logs and down. */
class LaptopTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @TempDir
    private Path copy;

    @Test
    void upServesTheSiteUntilDownAndLeavesNoProcess() throws IOException {
        for (String file : new Command(CHECKOUT, Map.of()).run("git", "ls-files").lines().toList()) {
            if (Files.exists(CHECKOUT.resolve(file))) {
                Files.createDirectories(copy.resolve(file).getParent());
                Files.copy(CHECKOUT.resolve(file), copy.resolve(file));
            }
        }
        Command make = new Command(copy, Map.of());
        List<Long> processes = List.of();
        try {
            String url = url(make.run("make", "up"));
            processes = processes();
            assertThat(processes).hasSizeGreaterThanOrEqualTo(3).allMatch(LaptopTest::isAlive);
            assertThat(new ApiClient(url).register("Ada", "ada@example.com").statusCode()).isEqualTo(201);

            assertThat(url(make.run("make", "up"))).isEqualTo(url);
            assertThat(Files.readString(copy.resolve(".local/terraform/terraform.log")).lines()
                    .filter(line -> line.startsWith("Apply complete!")).toList().getLast()).contains("0 added, 0 changed, 0 destroyed");
            assertThat(new ApiClient(url).register("Ada", "ada@example.com").statusCode()).isEqualTo(409);

            assertThat(make.run("make", "status")).contains("local AWS", "MariaDB", url).doesNotContain("DOWN");
            assertThat(make.run("make", "logs", "NAME=users")).contains("START RequestId").doesNotContain("migrator");
            assertThat(make.run("make", "logs", "NAME=login-bridge")).contains("listens on port");
        } finally {
            make.tryRun("make", "down");
        }
        assertThat(processes).noneMatch(LaptopTest::isAlive);
        assertThat(make.execute("make", "status")).satisfies(status -> {
            assertThat(status.status()).isNotZero();
            assertThat(status.output()).contains("make up");
        });
    }

    private static String url(String output) {
        Matcher ready = Pattern.compile("Ready in \\d+ s:\\s+(http://localhost:\\d+)").matcher(output);
        assertThat(ready.find()).as(output).isTrue();
        return ready.group(1);
    }

    private List<Long> processes() throws IOException {
        List<Long> processes = new ArrayList<>();
        for (JsonNode part : new ObjectMapper().readTree(copy.resolve(".local/stack.json").toFile()).path("parts")) {
            ProcessHandle process = ProcessHandle.of(part.path("pid").asLong()).orElseThrow();
            processes.add(process.pid());
            process.descendants().forEach(descendant -> processes.add(descendant.pid()));
        }
        return processes;
    }

    private static boolean isAlive(long process) {
        return ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    }
}
