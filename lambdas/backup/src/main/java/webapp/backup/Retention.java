package webapp.backup;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.WeekFields;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which backups are kept: the newest {@code last}, and the newest of each of the last {@code daily} days, {@code weekly} weeks (from Monday) and
 * {@code monthly} months that have one. Days without a backup do not count, and age is measured from the newest backup, never from now: when
 * backups stop, nothing goes.
 *
 * @param maximumAgeDays older ones go, whatever else would keep them, except for the newest {@code minimum}; null for no limit
 * @param minimum how many always stay, at least 1
 */
record Retention(int last, int daily, int weekly, int monthly, Integer maximumAgeDays, int minimum) {

    Retention {
        if (minimum < 1) {
            throw new IllegalArgumentException("a retention without any backup");
        }
    }

    /**
     * @param points when each good backup is of; equal ones are one
     * @param zone whose days, weeks and months are meant
     */
    Set<Instant> kept(Collection<Instant> points, ZoneId zone) {
        NavigableSet<Instant> newestFirst = new TreeSet<>(points).descendingSet();
        Set<Instant> kept = new HashSet<>();
        keep(kept, newestFirst, last, point -> point);
        keep(kept, newestFirst, daily, point -> date(point, zone));
        keep(kept, newestFirst, weekly, point -> date(point, zone).with(WeekFields.ISO.dayOfWeek(), 1));
        keep(kept, newestFirst, monthly, point -> date(point, zone).withDayOfMonth(1));
        if (maximumAgeDays != null && !newestFirst.isEmpty()) {
            Instant oldest = newestFirst.first().minus(Duration.ofDays(maximumAgeDays));
            kept.removeIf(point -> point.isBefore(oldest));
        }
        keep(kept, newestFirst, minimum, point -> point);
        return kept;
    }

    private static LocalDate date(Instant point, ZoneId zone) {
        return point.atZone(zone).toLocalDate();
    }

    private static void keep(Set<Instant> kept, NavigableSet<Instant> newestFirst, int count, Function<Instant, Object> period) {
        Set<Object> periods = new HashSet<>();
        for (Iterator<Instant> points = newestFirst.iterator(); points.hasNext() && periods.size() < count; ) {
            Instant point = points.next();
            if (periods.add(period.apply(point))) {
                kept.add(point);
            }
        }
    }
}
