package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final ZoneId UTC = ZoneOffset.UTC;

    @Test
    void nothingIsKeptTwice() {
        assertThat(kept(new Retention(3, 3, 0, 0, null, 1), daily("2026-07-10T02:00:00Z", 10))).containsExactlyInAnyOrder("07-10", "07-09", "07-08");
    }

    @Test
    void newestOfEachPeriodIsKept() {
        // 10 July 2026 is a Friday.
        assertThat(kept(new Retention(0, 2, 3, 3, null, 1), daily("2026-07-10T02:00:00Z", 100)))
                .containsExactlyInAnyOrder("07-10", "07-09", "07-05", "06-28", "06-30", "05-31");
    }

    @Test
    void daysAreThoseOfTheZone() {
        List<Instant> points = List.of(Instant.parse("2026-07-01T21:00:00Z"), Instant.parse("2026-07-01T23:00:00Z"));
        assertThat(new Retention(0, 2, 0, 0, null, 1).kept(points, UTC)).hasSize(1);
        assertThat(new Retention(0, 2, 0, 0, null, 1).kept(points, ZoneId.of("Europe/Berlin"))).hasSize(2);
    }

    @Test
    void daysWithoutABackupDoNotCount() {
        List<Instant> points = List.of(Instant.parse("2026-07-10T02:00:00Z"), Instant.parse("2026-03-01T02:00:00Z"), Instant.parse("2025-01-01T02:00:00Z"));
        assertThat(new Retention(0, 3, 0, 0, null, 1).kept(points, UTC)).hasSize(3);
    }

    @Test
    void ageIsMeasuredFromTheNewestBackup() {
        List<Instant> points = daily("2026-07-10T02:00:00Z", 40);
        assertThat(kept(new Retention(0, 40, 0, 12, 9, 1), points)).hasSize(10).contains("07-01").doesNotContain("06-30");
    }

    @Test
    void minimumStaysWhateverTheAge() {
        List<Instant> points = List.of(Instant.parse("2026-07-10T02:00:00Z"), Instant.parse("2026-03-01T02:00:00Z"), Instant.parse("2025-01-01T02:00:00Z"));
        assertThat(new Retention(1, 7, 4, 12, 30, 2).kept(points, UTC)).hasSize(2).contains(points.get(0), points.get(1));
    }

    /** Pruning after each backup keeps what pruning once at the end would: what is gone is never missed later. */
    @Test
    void pruningEachTimeKeepsWhatPruningAtTheEndKeeps() {
        Retention retention = new Retention(3, 7, 4, 12, 200, 2);
        List<Instant> all = daily("2028-07-10T02:00:00Z", 900).reversed();
        Set<Instant> left = Set.of();
        for (Instant point : all) {
            Set<Instant> now = new HashSet<>(left);
            now.add(point);
            left = retention.kept(now, UTC);
        }
        assertThat(left).isEqualTo(retention.kept(all, UTC));
    }

    @Test
    void noBackupsAreNoneKept() {
        assertThat(new Retention(3, 7, 4, 12, 30, 2).kept(List.of(), UTC)).isEmpty();
    }

    private static Set<String> kept(Retention retention, Collection<Instant> points) {
        return retention.kept(points, UTC).stream().map(point -> point.toString().substring(5, 10)).collect(Collectors.toSet());
    }

    private static List<Instant> daily(String newest, int count) {
        return IntStream.range(0, count).mapToObj(day -> Instant.parse(newest).minus(Duration.ofDays(day))).toList();
    }
}
