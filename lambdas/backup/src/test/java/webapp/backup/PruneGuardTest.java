package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import webapp.backup.PruneGuard.Keep;
import webapp.backup.PruneGuard.Verdict;

class PruneGuardTest {
    private static final Instant NEWEST = Instant.parse("2026-07-10T02:00:00Z");
    private static final Retention LAST_TWO = new Retention(2, 0, 0, 0, null, 1);

    @Test
    void whatNothingSpeaksForMayGo() {
        assertThat(deletable(LAST_TWO, days(5))).containsExactly("2026-07-06", "2026-07-07", "2026-07-08");
    }

    @Test
    void heldOneStays() {
        List<Snapshot> snapshots = days(5);
        snapshots.set(4, with(snapshots.get(4), "available", Map.of(Tags.HOLD, "audit")));
        assertThat(deletable(LAST_TWO, snapshots)).containsExactly("2026-07-07", "2026-07-08");
    }

    @Test
    void sourceOfRunningWorkStays() {
        List<Verdict> verdicts = new PruneGuard(LAST_TWO, ZoneOffset.UTC, snapshot -> true, snapshot -> day(snapshot).equals("2026-07-07")).judge(days(5));
        assertThat(verdicts).filteredOn(verdict -> day(verdict.snapshot()).equals("2026-07-07")).first()
                .extracting(Verdict::keeps).isEqualTo(Set.of(Keep.IN_USE));
    }

    @Test
    void unprotectedOneStays() {
        assertThat(new PruneGuard(LAST_TWO, ZoneOffset.UTC, snapshot -> false, snapshot -> false).judge(days(5)))
                .noneMatch(Verdict::deletable);
    }

    @Test
    void failedOnesAreNoBackups() {
        List<Snapshot> snapshots = days(5);
        for (int newest = 0; newest < 4; newest++) {
            snapshots.set(newest, with(snapshots.get(newest), newest % 2 == 0 ? "failed" : "incompatible-restore", Map.of()));
        }
        assertThat(deletable(LAST_TWO, snapshots)).isEmpty();
    }

    @Test
    void failedOneGoesOnceALaterAttemptExists() {
        Snapshot failed = with(days(1).getFirst(), "failed", Map.of());
        Snapshot retry = new Snapshot(failed.kind(), failed.identifier() + "-r1", failed.arn() + "-r1", "db", "creating", null, null, null, null, failed.tags());
        assertThat(deletable(LAST_TWO, List.of(failed))).isEmpty();
        assertThat(deletable(LAST_TWO, List.of(failed, retry))).containsExactly("2026-07-10");
    }

    @Test
    void newestDataStaysThoughItsSlotIsOld() {
        List<Snapshot> snapshots = days(3);
        snapshots.add(snapshot(NEWEST.minus(Duration.ofDays(5)), NEWEST.plus(Duration.ofHours(9))));
        assertThat(deletable(new Retention(1, 0, 0, 0, null, 1), snapshots)).containsExactly("2026-07-08", "2026-07-09");
    }

    @Test
    void futureSlotOfAWrongClockIsNotTheNewestData() {
        // Made on 9 July by a clock that was a year ahead.
        Snapshot wrong = snapshot(NEWEST.plus(Duration.ofDays(365)), NEWEST.minus(Duration.ofDays(1)));
        List<Snapshot> snapshots = days(3);
        snapshots.add(wrong);
        assertThat(deletable(new Retention(1, 0, 0, 0, null, 1), snapshots)).contains("2026-07-09").doesNotContain("2026-07-10");
        assertThat(deletable(new Retention(1, 30, 0, 0, 30, 1), snapshots)).isEmpty();
    }

    /** Whatever the retention, the states, the tags and the order: the newest good one stays, and as many good ones as the least number. */
    @RepeatedTest(200)
    void noInputDeletesTheLastOnes(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        Retention retention = new Retention(random.nextInt(3), random.nextInt(3), random.nextInt(3), random.nextInt(3),
                random.nextBoolean() ? null : 1 + random.nextInt(5), 1 + random.nextInt(3));
        List<Snapshot> snapshots = new ArrayList<>();
        for (int number = 0; number < random.nextInt(12); number++) {
            Instant slot = NEWEST.minus(Duration.ofHours(random.nextInt(2000)));
            Snapshot snapshot = snapshot(slot, random.nextInt(10) == 0 ? null : slot.plus(Duration.ofMinutes(random.nextInt(3000) - 1000)));
            snapshots.add(with(snapshot, List.of("available", "available", "available", "creating", "failed").get(random.nextInt(5)), Map.of()));
        }
        Predicate<Snapshot> half = snapshot -> random.nextBoolean();
        List<Snapshot> goodLeft = new PruneGuard(retention, ZoneOffset.UTC, half, half).judge(snapshots).stream()
                .filter(verdict -> !verdict.deletable()).map(Verdict::snapshot).filter(Snapshot::available).toList();
        List<Snapshot> good = snapshots.stream().filter(Snapshot::available).toList();
        assertThat(goodLeft.size()).as("seed %s", seed).isGreaterThanOrEqualTo(Math.min(good.size(), retention.minimum()));
        assertThat(goodLeft.stream().map(Snapshot::point).max(Instant::compareTo)).as("seed %s", seed)
                .isEqualTo(good.stream().map(Snapshot::point).max(Instant::compareTo));
    }

    private static List<String> deletable(Retention retention, List<Snapshot> snapshots) {
        return new PruneGuard(retention, ZoneOffset.UTC, snapshot -> true, snapshot -> false).judge(snapshots).stream()
                .filter(Verdict::deletable).map(verdict -> day(verdict.snapshot())).toList();
    }

    private static List<Snapshot> days(int count) {
        List<Snapshot> snapshots = new ArrayList<>();
        for (int day = 0; day < count; day++) {
            Instant slot = NEWEST.minus(Duration.ofDays(day));
            snapshots.add(snapshot(slot, slot.plusSeconds(60)));
        }
        return snapshots;
    }

    private static Snapshot snapshot(Instant slot, Instant createdAt) {
        String name = Names.primary("db", slot, 1);
        return new Snapshot(Kind.INSTANCE, name, "arn:" + name, "db", "available", createdAt, null, "key", null, Tags.of("plan", "db", slot, Role.PRIMARY));
    }

    private static Snapshot with(Snapshot snapshot, String status, Map<String, String> more) {
        Map<String, String> tags = new HashMap<>(snapshot.tags());
        tags.putAll(more);
        return new Snapshot(snapshot.kind(), snapshot.identifier(), snapshot.arn(), snapshot.database(), status, snapshot.createdAt(), null,
                snapshot.kmsKeyId(), null, tags);
    }

    private static String day(Snapshot snapshot) {
        return snapshot.point().toString().substring(0, 10);
    }
}
