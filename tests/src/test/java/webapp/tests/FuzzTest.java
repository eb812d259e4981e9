package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Schemathesis makes requests from the contract, right ones and wrong ones, and holds every answer of the stack against it: no 5xx, no status
 * and no member that is not documented, nothing wrong accepted and nothing right refused. {@code -Dfuzz.examples} requests of each
 * kind for each operation. The same ones in each run, so that a red one tells of a change; {@code make fuzz} looks for what nobody has seen,
 * with a {@code -Dfuzz.seed} that it prints.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class FuzzTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final int EXAMPLES = Integer.getInteger("fuzz.examples", 8);
    private static final long SEED = Long.getLong("fuzz.seed", 20261122);

    private AppliedStack stack;
    private UserPool pool;

    @BeforeAll
    void open(AppliedStack applied) {
        stack = applied;
        pool = new UserPool(stack);
    }

    @Test
    void anonymousRequestsGetDocumentedAnswers() throws Exception {
        run("anonymous", Map.of());
    }

    @Test
    void requestsOfKnownCallersGetDocumentedAnswers() throws Exception {
        run("callers", Map.of(
                "PEOPLE", pool.idToken(pool.operator()),
                "MACHINES", pool.machineToken(pool.warehouse(), "orders/read"),
                "PARTNERS", Partner.ACME.token(stack.terraform().output("partner_audience"), Instant.now().plusSeconds(290)),
                "CONSUMERS", stack.apiKey("reseller")));
    }

    private void run(String name, Map<String, String> credentials) throws IOException, InterruptedException {
        String program = Optional.ofNullable(System.getenv("SCHEMATHESIS")).orElseThrow(() -> new IllegalStateException(
                "the fuzz test runs Schemathesis: point the environment variable SCHEMATHESIS at its program; make test does"));
        Path directory = Files.createDirectories(Path.of("target/fuzz", name).toAbsolutePath());
        Path log = directory.resolve("schemathesis.log");
        Path contract = Files.writeString(directory.resolve("openapi.json"), Contracts.withBackups().toString());
        Map<String, String> environment = new HashMap<>(credentials);
        environment.put("SCHEMATHESIS_HOOKS", "hooks");
        environment.put("PYTHONPATH", CHECKOUT.resolve("tests/fuzz").toString());
        ProcessBuilder process = new ProcessBuilder(List.of(program,
                "--config-file", CHECKOUT.resolve("tests/fuzz/" + name + ".toml").toString(),
                "run", contract.toString(),
                "--url", stack.url() + "/api",
                "--max-examples", Integer.toString(EXAMPLES),
                "--seed", Long.toString(SEED),
                "--no-color"));
        process.environment().putAll(environment);
        process.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        int status = process.directory(directory.toFile()).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();

        String said = Files.readString(log);
        System.out.println("fuzz: " + name + ", -Dfuzz.seed=" + SEED + "\n" + said.substring(Math.max(0, said.length() - 1500)));
        assertThat(status).as("%s (%s)", said, log).isZero();
    }
}
