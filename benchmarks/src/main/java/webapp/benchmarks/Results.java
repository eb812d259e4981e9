package webapp.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What was measured of one variant. */
final class Results {
    private final Variant variant;
    private final List<FunctionProcess.Cold> cold = new ArrayList<>();
    private final List<Calls> warmUp = new ArrayList<>();
    private final List<Calls> warm = new ArrayList<>();

    /**
     * Some calls of one process.
     *
     * @param sortedNanos the time of each, in ascending order
     * @param residentKilobytes after the last of them
     */
    record Calls(long[] sortedNanos, long residentKilobytes) {
        Calls {
            Arrays.sort(sortedNanos);
        }

        /** @return the nearest rank, in milliseconds */
        double percentile(int percent) {
            return sortedNanos[(int) Math.ceil(sortedNanos.length * percent / 100.0) - 1] / 1e6;
        }
    }

    Results(Variant variant) {
        this.variant = variant;
    }

    void add(FunctionProcess.Cold measured) {
        cold.add(measured);
    }

    /**
     * @param first the calls in which methods are compiled
     * @param then the calls after those
     */
    void add(Calls first, Calls then) {
        warmUp.add(first);
        warm.add(then);
    }

    Variant variant() {
        return variant;
    }

    List<FunctionProcess.Cold> cold() {
        return cold;
    }

    List<Calls> warmUp() {
        return warmUp;
    }

    List<Calls> warm() {
        return warm;
    }

    double coldMillis() {
        return median(cold.stream().mapToDouble(run -> run.totalNanos() / 1e6).toArray());
    }

    double fastestColdMillis() {
        return cold.stream().mapToDouble(run -> run.totalNanos() / 1e6).min().orElseThrow();
    }

    double slowestColdMillis() {
        return cold.stream().mapToDouble(run -> run.totalNanos() / 1e6).max().orElseThrow();
    }

    double initMillis() {
        return median(cold.stream().mapToDouble(run -> run.initNanos() / 1e6).toArray());
    }

    double processorMillis() {
        return median(cold.stream().mapToDouble(run -> run.processorNanos() / 1e6).toArray());
    }

    double coldMegabytes() {
        return median(cold.stream().mapToDouble(run -> run.residentKilobytes() / 1024.0).toArray());
    }

    /** @return the median over the processes of the percentile within each */
    double warmMillis(int percent) {
        return millis(warm, percent);
    }

    /** @return the same for the calls before those */
    double warmUpMillis(int percent) {
        return millis(warmUp, percent);
    }

    private static double millis(List<Calls> processes, int percent) {
        return median(processes.stream().mapToDouble(process -> process.percentile(percent)).toArray());
    }

    double warmUpMegabytes() {
        return megabytes(warmUp);
    }

    double warmMegabytes() {
        return megabytes(warm);
    }

    private static double megabytes(List<Calls> processes) {
        return median(processes.stream().mapToDouble(process -> process.residentKilobytes() / 1024.0).toArray());
    }

    /** @return how often it was called after the first answer, by each process of those that were */
    int calls() {
        return warmUp.getFirst().sortedNanos().length + warm.getFirst().sortedNanos().length;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
