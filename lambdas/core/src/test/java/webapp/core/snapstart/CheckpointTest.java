package webapp.core.snapstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import webapp.core.testing.Invocation;

class CheckpointTest {
    private final Invocation log = new Invocation();
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

    @Test
    void everyRoundPrimesInOrderAndThenCloses() {
        Checkpoint checkpoint = Checkpoint.unregistered(log, Duration.ofSeconds(5))
                .close(() -> steps.add("close"))
                .prime("one", context -> steps.add("one"))
                .prime("two", context -> steps.add("two"));

        checkpoint.beforeCheckpoint(null);

        assertThat(steps).hasSize(3 * Checkpoint.ROUNDS);
        for (int round = 0; round < Checkpoint.ROUNDS; round++) {
            assertThat(steps.subList(3 * round, 3 * round + 3)).containsExactly("one", "two", "close");
        }
        assertThat(log.logged()).isEmpty();
    }

    @Test
    void roundsEndAtHalfOfTheLimit() {
        Checkpoint checkpoint = Checkpoint.unregistered(log, Duration.ofMillis(1000))
                .prime("slow", context -> {
                    steps.add("slow");
                    Thread.sleep(300);
                })
                .close(() -> steps.add("close"));

        checkpoint.beforeCheckpoint(null);

        assertThat(steps).containsExactly("slow", "close", "slow", "close");
        assertThat(log.logged()).isEmpty();
    }

    @Test
    void failureIsLoggedAndNeverFailsInit() {
        Checkpoint checkpoint = Checkpoint.unregistered(log, Duration.ofSeconds(5))
                .prime("getUser", context -> {
                    throw new NoClassDefFoundError("x/Y");
                })
                .prime("two", context -> steps.add("two"));

        checkpoint.beforeCheckpoint(null);

        assertThat(steps).hasSize(Checkpoint.ROUNDS).containsOnly("two");
        assertThat(log.logged()).contains("NoClassDefFoundError").containsOnlyOnce("priming getUser failed");
    }

    @Test
    void whatCannotBeClosedIsLoggedAndEndsTheRounds() {
        Checkpoint checkpoint = Checkpoint.unregistered(log, Duration.ofSeconds(5))
                .prime("one", context -> steps.add("one"))
                .close(() -> {
                    throw new IllegalStateException("stuck");
                })
                .close(() -> steps.add("close"));

        checkpoint.beforeCheckpoint(null);

        assertThat(steps).containsExactly("one", "close");
        assertThat(log.logged()).containsOnlyOnce("stuck");
    }

    @Test
    void timeIsBoundedInAll() {
        CountDownLatch never = new CountDownLatch(1);
        Checkpoint checkpoint = Checkpoint.unregistered(log, Duration.ofMillis(300))
                .prime("slow", context -> never.await())
                .prime("late", context -> steps.add("late"))
                .close(() -> steps.add("close"));

        long start = System.nanoTime();
        checkpoint.beforeCheckpoint(null);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(steps).containsExactly("close");
        assertThat(log.logged()).contains("slow took longer", "skipped priming late");
    }

    @Test
    void callsSeeTheTimeThatIsLeft() {
        List<Integer> remaining = new ArrayList<>();

        Checkpoint.unregistered(log, Duration.ofSeconds(5))
                .prime("one", context -> remaining.add(context.getRemainingTimeInMillis()))
                .beforeCheckpoint(null);

        assertThat(remaining.get(0)).isBetween(1, 5000);
    }
}
