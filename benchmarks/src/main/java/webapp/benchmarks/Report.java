package webapp.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Turns measurements into the table and the plot of {@code docs/performance.md}, and into {@code benchmarks/results}. */
final class Report {
    private static final String BEGIN = "<!-- BEGIN_BENCHMARK: written by make benchmark -->";
    private static final String END = "<!-- END_BENCHMARK -->";

    private Report() {}

    static void write(Path checkout, Map<String, Results> results, List<Gate> gates) throws IOException {
        Path directory = Files.createDirectories(checkout.resolve("benchmarks/results"));
        Files.writeString(directory.resolve("cold.csv"), coldCsv(results.values()));
        Files.writeString(directory.resolve("warm.csv"), warmCsv(results.values()));
        Files.writeString(checkout.resolve("docs/cold-start.svg"), Plot.of(reads(results)));
        Path document = checkout.resolve("docs/performance.md");
        String text = Files.readString(document);
        int from = text.indexOf(BEGIN);
        int to = text.indexOf(END);
        if (from < 0 || to < from) {
            throw new IOException(document + " has no place for the benchmark: write the lines " + BEGIN + " and " + END + " into it");
        }
        Files.writeString(document, text.substring(0, from) + BEGIN + "\n" + markdown(results, gates) + text.substring(to));
    }

    /** For the console. */
    static String text(Map<String, Results> results) throws IOException {
        StringBuilder text = new StringBuilder(String.format("%n%-32s %8s %8s %8s %8s %8s %8s %8s %8s %8s %8s%n",
                "ms", "cold", "min", "init", "cpu", "p50 1st", "p50", "p99", "MB cold", "MB warm", "deployed"));
        for (Results result : results.values()) {
            text.append(String.format(Locale.ROOT, "%-32s %8.1f %8.1f %8.1f %8.1f %8.3f %8.3f %8.3f %8.1f %8.1f %8.2f%n",
                    result.variant().name(), result.coldMillis(), result.fastestColdMillis(), result.initMillis(), result.processorMillis(),
                    result.warmUpMillis(50), result.warmMillis(50), result.warmMillis(99), result.coldMegabytes(),
                    result.warmUpMegabytes(), result.variant().size() / 1e6));
        }
        return text.append('\n').toString();
    }

    private static String markdown(Map<String, Results> results, List<Gate> gates) throws IOException {
        Results python = results.get(Variants.PYTHON);
        int processes = python.cold().size();
        StringBuilder text = new StringBuilder();
        text.append("JDK ").append(Runtime.version().feature()).append(", medians of ").append(processes)
                .append(" interleaved processes, of ").append(results.get(Variants.SPRING).cold().size())
                .append(" for Spring Boot.\n\n");
        text.append("| function | first answer, ms (fastest-slowest) | x Python | p50 of 3,000 calls, ms | of the next 3,000 (p99) | x Python"
                + " | resident, MB: first answer, after 3,000 | deployed, MB |\n");
        text.append("|---|---|---|---|---|---|---|---|\n");
        for (Results result : reads(results)) {
            text.append(String.format(Locale.ROOT, "| %s | **%.0f** (%.0f-%.0f) | %.1f | %.2f | **%.2f** (%.2f) | %.2f | %.0f, %.0f | %s |%n",
                    result.variant().title(), result.coldMillis(), result.fastestColdMillis(), result.slowestColdMillis(),
                    result.coldMillis() / python.coldMillis(), result.warmUpMillis(50), result.warmMillis(50), result.warmMillis(99),
                    result.warmMillis(50) / python.warmMillis(50), result.coldMegabytes(), result.warmUpMegabytes(), size(result.variant().size())));
        }
        text.append("\n![First answer of each function](cold-start.svg)\n\n");
        text.append(ticks(results)).append('\n');
        text.append("| gate | measured | goal | | limit in CI |\n|---|---|---|---|---|\n");
        for (Gate gate : gates) {
            text.append(String.format(Locale.ROOT, "| %s | %.2f%s | %s%s | %s | %s%s |%n", gate.what(), gate.measured(), gate.unit(),
                    Gate.number(gate.goal()), gate.unit(), gate.reached() ? "reached" : "**missed**", Gate.number(gate.limit()), gate.unit()));
        }
        return text.append('\n').toString();
    }

    private static List<Results> reads(Map<String, Results> results) {
        return results.values().stream().filter(result -> !result.variant().ticks()).toList();
    }

    private static String ticks(Map<String, Results> results) throws IOException {
        Results python = results.get(Variants.TICK_PYTHON);
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, """
                | tick of %d databases, medians of %d processes | first, from the start of the process, ms (fastest-slowest) | x Python \
                | processor until then, ms | resident, MB: after the first, after %d more | deployed, MB |
                |---|---|---|---|---|---|
                """, BackupBed.DATABASES, python.cold().size(), python.calls()));
        for (Results result : List.of(python, results.get(Variants.TICK))) {
            text.append(String.format(Locale.ROOT, "| %s | **%.0f** (%.0f-%.0f) | %.1f | %.0f | %.0f, %.0f | %s |%n",
                    result.variant().title(), result.coldMillis(), result.fastestColdMillis(), result.slowestColdMillis(),
                    result.coldMillis() / python.coldMillis(), result.processorMillis(), result.coldMegabytes(), result.warmMegabytes(),
                    size(result.variant().size())));
        }
        return text.toString();
    }

    private static String size(long bytes) {
        return bytes < 100_000 ? "-" : String.format(Locale.ROOT, "%.1f", bytes / 1e6);
    }

    private static String coldCsv(Collection<Results> results) {
        StringBuilder csv = new StringBuilder("variant,process,init_ms,first_answer_ms,processor_ms,resident_kb\n");
        for (Results result : results) {
            int process = 0;
            for (FunctionProcess.Cold cold : result.cold()) {
                csv.append(String.format(Locale.ROOT, "%s,%d,%.3f,%.3f,%.3f,%d%n", result.variant().name(), ++process,
                        cold.initNanos() / 1e6, cold.totalNanos() / 1e6, cold.processorNanos() / 1e6, cold.residentKilobytes()));
            }
        }
        return csv.toString();
    }

    /** Every call, counted by its microseconds in steps of ten, and of a tenth to a hundredth from a millisecond on. */
    private static String warmCsv(Collection<Results> results) {
        StringBuilder csv = new StringBuilder("variant,phase,process,resident_kb,microseconds,calls\n");
        for (Results result : results) {
            rows(csv, result.variant().name() + ",warm-up", result.warmUp());
            rows(csv, result.variant().name() + ",warm", result.warm());
        }
        return csv.toString();
    }

    private static void rows(StringBuilder csv, String prefix, List<Results.Calls> processes) {
        int process = 0;
        for (Results.Calls measured : processes) {
            process++;
            Map<Long, Integer> calls = new TreeMap<>();
            for (long nanos : measured.sortedNanos()) {
                long microseconds = nanos / 1000;
                long step = microseconds < 1_000 ? 10 : microseconds < 10_000 ? 100 : 1_000;
                calls.merge(microseconds / step * step, 1, Integer::sum);
            }
            for (Map.Entry<Long, Integer> entry : calls.entrySet()) {
                csv.append(prefix).append(',').append(process).append(',').append(measured.residentKilobytes()).append(',')
                        .append(entry.getKey()).append(',').append(entry.getValue()).append('\n');
            }
        }
    }
}
