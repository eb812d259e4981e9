package webapp.benchmarks;

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
 * {@code make benchmark}. Every variant reads one row, over equally verified TLS and with an IAM login, in a process that is pinned to one
 * processor; its answers must be right before it is measured. The scheduler of backups ticks beside one in Python in the same way. Rounds
 * are interleaved: each has one process of every variant, so that what else happens on the machine hits all of them.
 */
public final class Benchmark {
    /** After one more, which only fills the file cache. */
    private static final int ROUNDS = Integer.getInteger("benchmark.rounds", 9);
    /** Processes of each variant that are called again and again. */
    private static final int WARM_PROCESSES = 3;
    /** First while methods are being compiled, then with most of them compiled. */
    private static final int WARM_CALLS = 3000;
    /** Twice: together what comes in seven hours. */
    private static final int TICKS = 40;
    /** Processes of each scheduler that tick so often: memory hardly differs between them. */
    private static final int TICKING_PROCESSES = 1;

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
            measure(results, work, testBed, processor);
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

    private static void measure(Map<String, Results> results, Path work, TestBed testBed, int processor)
            throws IOException, InterruptedException {
        Path logs = Files.createDirectories(work.resolve("logs"));
        BackupBed backupBed = new BackupBed(work);
        List<Results> order = new ArrayList<>(results.values());
        for (int round = 0; round <= ROUNDS; round++) {
            System.out.println("Round " + round + " of " + ROUNDS + (round == 0 ? ", which does not count" : ""));
            // Each variant follows another one in each round.
            Collections.rotate(order, 1);
            for (Results result : order) {
                if (round % result.variant().everyRounds() != 0) {
                    continue;
                }
                Path log = logs.resolve(result.variant().name().replaceAll("[^\\w.-]", "_") + ".log");
                if (result.variant().ticks()) {
                    tick(result, backupBed, processor, log, round > 0);
                } else {
                    read(result, testBed, processor, log, round > 0);
                }
            }
        }
    }

    private static void read(Results result, TestBed testBed, int processor, Path log, boolean counts) throws IOException, InterruptedException {
        try (FunctionRun run = new FunctionRun(result.variant(), testBed, processor, log)) {
            FunctionProcess.Cold cold = run.firstAnswer();
            result.variant().read().check(result.variant().name(), cold.body());
            if (counts) {
                result.add(cold);
                if (result.warm().size() < WARM_PROCESSES) {
                    result.add(calls(run), calls(run));
                }
            } else if (result.variant().read() == Read.PRODUCT) {
                run.check(Read.ABSENT_PRODUCT);
            }
        }
    }

    private static void tick(Results result, BackupBed backupBed, int processor, Path log, boolean counts) throws IOException, InterruptedException {
        String name = result.variant().name();
        try (BackupBed.Account account = backupBed.open();
                FunctionProcess process = new FunctionProcess(result.variant(), account.environment(), processor, log)) {
            process.offer(account.event());
            FunctionProcess.Cold cold = process.firstAnswer();
            account.checkFirstTick(name, cold.body());
            if (counts) {
                result.add(cold);
                if (result.warm().size() < TICKING_PROCESSES) {
                    result.add(ticks(process, account), ticks(process, account));
                    account.checkCopies(name);
                }
            }
        }
    }

    private static Results.Calls ticks(FunctionProcess process, BackupBed.Account account) throws IOException, InterruptedException {
        return new Results.Calls(process.calls(account.event(), TICKS), process.residentKilobytes());
    }

    private static Results.Calls calls(FunctionRun run) throws IOException, InterruptedException {
        return new Results.Calls(run.warmCalls(WARM_CALLS), run.residentKilobytes());
    }
}
