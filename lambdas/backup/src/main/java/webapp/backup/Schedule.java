package webapp.backup;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a database's slots are. A local time that a change to summer time skips is later by the gap; of one that the change back repeats, the
 * first is meant.
 *
 * @param times local times of day, whole minutes, at least one
 * @param days none for every day
 */
record Schedule(List<LocalTime> times, ZoneId zone, Set<DayOfWeek> days) {
    /** A day of the week comes again within these, whatever a change of the zone's offset does. */
    private static final int SEARCHED_DAYS = 9;

    Schedule {
        times = List.copyOf(times);
        days = Set.copyOf(days);
        if (times.isEmpty()) {
            throw new IllegalArgumentException("a schedule needs at least one time");
        }
    }

    /** @return the last slot that is not after {@code now} */
    Instant latest(Instant now) {
        return around(now, -SEARCHED_DAYS, 1).floor(now);
    }

    /** @return the first slot after {@code now} */
    Instant next(Instant now) {
        return around(now, -1, SEARCHED_DAYS).higher(now);
    }

    LocalDate date(Instant slot) {
        return slot.atZone(zone).toLocalDate();
    }

    private NavigableSet<Instant> around(Instant now, int fromDay, int toDay) {
        LocalDate today = date(now);
        NavigableSet<Instant> slots = new TreeSet<>();
        for (int day = fromDay; day <= toDay; day++) {
            LocalDate date = today.plusDays(day);
            if (days.isEmpty() || days.contains(date.getDayOfWeek())) {
                times.forEach(time -> slots.add(ZonedDateTime.of(date, time, zone).toInstant()));
            }
        }
        return slots;
    }
}
