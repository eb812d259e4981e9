package webapp.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how long a function takes to its first answer, and then for each, against what others could have written: the command behind
 * {@code make benchmark}. Every variant does the same read, over equally verified TLS and with an IAM login, in a process that is pinned to one
 * processor. Rounds are interleaved: each has one process of every variant, so that what else happens on the machine hits all of them.
 */
public final class Benchmark {
    /** After one more, which only fills the file cache. */
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 11);
    private static final int WARM_ROUNDS = 3;
    /** First while methods are being compiled, then with most of them compiled. */
    private static final int WARM_CALLS = 3000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private Benchmark() {}

    /**
     * @param arguments the names of variants, of which none means all: only a run of all is reported, and held against the gates.
     *     {@code "jdbc -XX:TieredStopAtLevel=4"} tries a JVM option with a variant
     */
    public static void main(String[] arguments) throws IOException, InterruptedException, SQLException {
        Path checkout = Path.of(System.getProperty("checkout.directory")).toAbsolutePath();
        Path work = Files.createDirectories(checkout.resolve(".local/benchmarks"));
        int processor = Processors.reserve();
        List<String> chosen = List.of(arguments);
        Map<String, Results> results = new LinkedHashMap<>();
        try (TestBed testBed = new TestBed(checkout, work)) {
            System.out.println("Building the variants ...");
            for (Variant variant : new Variants(checkout, work, testBed, processor).build(chosen)) {
                results.put(variant.name(), new Results(variant));
            }
            measure(results, testBed, processor, Files.createDirectories(work.resolve("logs")));
        }
        System.out.print(Report.text(results));
        if (!chosen.isEmpty()) {
            return;
        }
        List<Gate> gates = Gate.of(results, Files.size(checkout.resolve("dist/api.jar")));
        Report.write(checkout, results, gates);
        gates.forEach(gate -> System.out.println((gate.held() ? "held    " : "MISSED  ") + gate.text()));
        long missed = gates.stream().filter(gate -> !gate.held()).count();
        System.out.println((gates.size() - missed) + " passed, " + missed + " failed");
        System.exit(missed == 0 ? 0 : 1);
    }

    private static void measure(Map<String, Results> results, TestBed testBed, int processor, Path logs)
            throws IOException, InterruptedException {
        JsonNode expected = null;
        List<Results> order = new ArrayList<>(results.values());
        for (int round = 0; round <= ROUNDS; round++) {
            System.out.println("Round " + round + " of " + ROUNDS + (round == 0 ? ", which does not count" : ""));
            // Each variant follows another one in each round.
            Collections.rotate(order, 1);
            for (Results result : order) {
                Path log = logs.resolve(result.variant().name().replaceAll("[^\\w.-]", "_") + ".log");
                try (FunctionRun run = new FunctionRun(result.variant(), testBed, processor, log)) {
                    FunctionRun.Cold cold = run.firstAnswer();
                    expected = same(expected, cold.body(), result.variant());
                    if (round == 0) {
                        continue;
                    }
                    result.add(cold);
                    if (round <= WARM_ROUNDS) {
                        result.add(calls(run), calls(run));
                    }
                }
            }
        }
    }

    private static Results.Calls calls(FunctionRun run) throws IOException, InterruptedException {
        return new Results.Calls(run.warmCalls(WARM_CALLS), run.residentKilobytes());
    }

    /** Only variants that answer the same are compared. */
    private static JsonNode same(JsonNode expected, String body, Variant variant) throws IOException {
        ObjectNode answer = (ObjectNode) JSON.readTree(body);
        answer.set("body", JSON.readTree(answer.path("body").asText()));
        if (expected != null && !expected.equals(answer)) {
            throw new IOException(variant.name() + " answers " + answer + ", the others " + expected);
        }
        return answer;
    }
}
