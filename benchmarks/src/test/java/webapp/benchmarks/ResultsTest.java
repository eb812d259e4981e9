package webapp.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ResultsTest {
    @Test
    void medianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
        assertThat(Results.median(4, 1, 3, 2)).isEqualTo(2.5);
        assertThat(Results.median(9, 1, 2)).isEqualTo(2);
    }

    @Test
    void percentileIsTheNearestRank() {
        Results.Calls warm = new Results.Calls(LongStream.rangeClosed(1, 200).map(i -> (201 - i) * 1_000_000).toArray(), 0);

        assertThat(warm.percentile(50)).isEqualTo(100);
        assertThat(warm.percentile(99)).isEqualTo(198);
    }

    @Test
    void gateHoldsUpToItsLimit() {
        assertThat(new Gate("x", 5, " x", 4, 5).held()).isTrue();
        assertThat(new Gate("x", 5.001, " x", 4, 5).held()).isFalse();
        assertThat(new Gate("x", 4, " x", 4, 5).reached()).isTrue();
        assertThat(new Gate("x", 4.001, " x", 4, 5).reached()).isFalse();
    }

    @Test
    void schedulerIsHeldToItsMemoryAndToPythonsFirstTick() {
        assertThat(Gate.ofTicks(Map.of(Variants.TICK, ticks(Variants.TICK, 5900, 144), Variants.TICK_PYTHON, ticks(Variants.TICK_PYTHON, 1000, 60))))
                .allMatch(Gate::held);
        assertThat(Gate.ofTicks(Map.of(Variants.TICK, ticks(Variants.TICK, 6100, 146), Variants.TICK_PYTHON, ticks(Variants.TICK_PYTHON, 1000, 60))))
                .noneMatch(Gate::held);
    }

    /** @param megabytes at the end, less of them before */
    private static Results ticks(String name, long firstMillis, long megabytes) {
        Results results = new Results(new Variant(name, name, null, List.of(), Path.of(""), Map.of(), null, false, 1, 512, 240, 0));
        results.add(new FunctionProcess.Cold(0, firstMillis * 1_000_000, 0, 0, ""));
        results.add(new Results.Calls(new long[40], 1024), new Results.Calls(new long[40], megabytes * 1024));
        return results;
    }

    @Test
    void rangesOfProcessorsAreRead() {
        assertThat(Processors.parse("Cpus_allowed_list:\t0-2,5")).containsExactly(0, 1, 2, 5);
    }
}
