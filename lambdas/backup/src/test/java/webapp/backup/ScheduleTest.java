package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void slotIsTheLocalTimeInSummerAndInWinter() {
        Schedule schedule = daily("02:00");
        assertThat(schedule.latest(Instant.parse("2026-07-01T12:00:00Z"))).isEqualTo("2026-07-01T00:00:00Z");
        assertThat(schedule.latest(Instant.parse("2026-12-01T12:00:00Z"))).isEqualTo("2026-12-01T01:00:00Z");
    }

    @Test
    void slotIsDueFromItsVeryInstant() {
        Schedule schedule = daily("02:00");
        Instant slot = Instant.parse("2026-07-01T00:00:00Z");
        assertThat(schedule.latest(slot)).isEqualTo(slot);
        assertThat(schedule.latest(slot.minusNanos(1))).isEqualTo("2026-06-30T00:00:00Z");
        assertThat(schedule.next(slot)).isEqualTo("2026-07-02T00:00:00Z");
        assertThat(schedule.next(slot.minusNanos(1))).isEqualTo(slot);
    }

    @Test
    void timeThatSummerTimeSkipsIsLaterByTheGap() {
        // On 29 March 2026 02:00 becomes 03:00: 02:30 is 03:30 there, which is 01:30 UTC.
        assertThat(daily("02:30").latest(Instant.parse("2026-03-29T12:00:00Z"))).isEqualTo("2026-03-29T01:30:00Z");
    }

    @Test
    void timeThatComesTwiceIsItsFirst() {
        // On 25 October 2026 03:00 becomes 02:00: 02:30 is at 00:30 UTC, and again at 01:30 UTC.
        Schedule schedule = daily("02:30");
        assertThat(schedule.next(Instant.parse("2026-10-25T00:00:00Z"))).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(schedule.next(Instant.parse("2026-10-25T00:30:00Z"))).isEqualTo("2026-10-26T01:30:00Z");
    }

    @Test
    void timesThatTheGapBringsTogetherAreOneSlot() {
        assertThat(slots(daily("02:30", "03:30"), "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")).containsExactly(Instant.parse("2026-03-29T01:30:00Z"));
    }

    @Test
    void daysAreTheZonesDays() {
        // Monday 00:30 in Berlin is still Sunday in UTC.
        Schedule schedule = new Schedule(List.of(LocalTime.of(0, 30)), BERLIN, Set.of(DayOfWeek.MONDAY));
        assertThat(schedule.latest(Instant.parse("2026-07-01T12:00:00Z"))).isEqualTo("2026-06-28T22:30:00Z");
        assertThat(schedule.next(Instant.parse("2026-07-01T12:00:00Z"))).isEqualTo("2026-07-05T22:30:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"})
    void eachDayHasItsSlotAndNoSlotIsSkippedOrRepeated(String zone) {
        Schedule schedule = new Schedule(List.of(LocalTime.of(2, 15)), ZoneId.of(zone), Set.of());
        Instant from = Instant.parse("2011-12-01T00:00:00Z");
        Instant to = Instant.parse("2013-01-01T00:00:00Z");
        NavigableSet<Instant> slots = slots(schedule, from.toString(), to.toString());
        // Apia has no 30 December 2011; its slot is that of the day after.
        assertThat(slots.size()).isBetween((int) Duration.between(from, to).toDays() - 1, (int) Duration.between(from, to).toDays() + 1);
        for (Instant slot : slots) {
            assertThat(schedule.latest(slot)).isEqualTo(slot);
            assertThat(schedule.latest(schedule.next(slot).minusSeconds(1))).isEqualTo(slot);
        }
    }

    private static Schedule daily(String... times) {
        return new Schedule(List.of(times).stream().map(LocalTime::parse).toList(), BERLIN, Set.of());
    }

    private static NavigableSet<Instant> slots(Schedule schedule, String from, String to) {
        NavigableSet<Instant> slots = new TreeSet<>();
        for (Instant slot = schedule.next(Instant.parse(from)); slot.isBefore(Instant.parse(to)); slot = schedule.next(slot)) {
            slots.add(slot);
        }
        return slots;
    }
}
