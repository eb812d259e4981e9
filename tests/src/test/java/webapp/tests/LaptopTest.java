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
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What a developer types, in a fresh copy of the files under version control: make up, up again, status, logs and down; with parts killed. It
 * mostly waits, so it runs beside the other classes.
 */
@Execution(ExecutionMode.CONCURRENT)
class LaptopTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @TempDir
    private Path copy;

    @Test
    void upServesTheSiteUntilDownHealsWhatWasKilledAndLeavesNoProcess() throws IOException {
        for (String file : new Command(CHECKOUT, Map.of()).run("git", "ls-files").lines().toList()) {
            if (Files.exists(CHECKOUT.resolve(file))) {
                Files.createDirectories(copy.resolve(file).getParent());
                Files.copy(CHECKOUT.resolve(file), copy.resolve(file));
            }
        }
        Command make = new Command(copy, Map.of());
        List<Long> processes = new ArrayList<>();
        try {
            String url = url(make.run("make", "up"));
            processes.addAll(processes());
            assertThat(processes).hasSizeGreaterThanOrEqualTo(3).allMatch(LaptopTest::isAlive);
            assertThat(new ApiClient(url).register("Ada", "ada@example.com").statusCode()).isEqualTo(201);

            assertThat(url(make.run("make", "up"))).isEqualTo(url);
            assertNothingWasApplied();
            assertThat(new ApiClient(url).register("Ada", "ada@example.com").statusCode()).isEqualTo(409);

            assertThat(make.run("make", "status")).contains("local AWS", "MariaDB", url).doesNotContain("DOWN");
            assertThat(make.run("make", "logs", "NAME=users")).contains("START RequestId").doesNotContain("migrator");
            assertThat(make.run("make", "logs", "NAME=login-bridge")).contains("listens on port");

            long function = functionProcess();
            kill(function);
            assertThat(make.run("make", "status")).contains("webapp-dev-users", "process " + function + " ended at", "signal: killed");
            assertThat(new ApiClient(url).register("Ada", "ada@example.com").statusCode()).isEqualTo(409);

            for (String part : List.of("MariaDB", "server", "local AWS")) {
                long process = part(part).path("pid").asLong();
                kill(process);
                Command.Result status = make.execute("make", "status");
                assertThat(status.status()).isNotZero();
                assertThat(status.output()).containsPattern(part + " +DOWN .*its process has ended \\(process " + process + "\\)")
                        .contains("Heal it with: make up");

                String healing = make.run("make", "up");
                processes.addAll(processes());
                assertThat(healing).contains(part + " is down: its process has ended", "Kept: ", "database's rows").doesNotContain("moves to another");
                assertThat(url(healing)).isEqualTo(url);
                assertNothingWasApplied();
                assertThat(new ApiClient(url).register("Ada", "ada@example.com").statusCode()).as("after a killed " + part).isEqualTo(409);
            }
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

    private void assertNothingWasApplied() throws IOException {
        assertThat(Files.readString(copy.resolve(".local/terraform/terraform.log")).lines()
                .filter(line -> line.startsWith("Apply complete!")).toList().getLast()).contains("0 added, 0 changed, 0 destroyed");
    }

    /** Ends a process of the stack as a crash does, and waits until nothing of it is left. */
    private static void kill(long process) {
        ProcessHandle handle = ProcessHandle.of(process).orElseThrow();
        handle.destroyForcibly();
        handle.onExit().join();
    }

    private long functionProcess() throws IOException {
        return ProcessHandle.of(part("server").path("pid").asLong()).orElseThrow().children()
                .filter(child -> String.join(" ", child.info().arguments().orElse(new String[0])).contains("/tmp/webapp-dev-users-"))
                .findFirst().orElseThrow().pid();
    }

    private JsonNode part(String name) throws IOException {
        for (JsonNode part : parts()) {
            if (part.path("name").asText().equals(name)) {
                return part;
            }
        }
        throw new AssertionError("no part is called " + name);
    }

    private JsonNode parts() throws IOException {
        return new ObjectMapper().readTree(copy.resolve(".local/stack.json").toFile()).path("parts");
    }

    private List<Long> processes() throws IOException {
        List<Long> processes = new ArrayList<>();
        for (JsonNode part : parts()) {
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
