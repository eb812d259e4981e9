package webapp.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

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
    void rangesOfProcessorsAreRead() {
        assertThat(Processors.parse("Cpus_allowed_list:\t0-2,5")).containsExactly(0, 1, 2, 5);
    }
}
