package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import webapp.core.testing.Invocation;
import webapp.local.rds.Fault;
import webapp.local.rds.FunctionDied;
import webapp.local.rds.SnapshotCopy;
import webapp.local.rds.SnapshotView;
import webapp.local.rds.Work;

/**
 * A year of a database under a plan, in ticks, with what goes wrong drawn by a seed: calls that fail, die or lose their answer, quotas that
 * are used up for days, regions that are out for a day, a stopped database, a revoked key, clocks that jump by hours or weeks, summer time.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SimulationTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);
    private static final int DAYS = 365;
    private static final Duration RPO = Duration.ofHours(26);
    /** Minutes after a slot; once a day there is a tick at some other time besides. */
    private static final int[] TICKS = {0, 10, 20, 30, 60};
    private static final int AGE_ONLY_DAYS = 7;

    private final Map<Integer, Runnable> begins = new HashMap<>();
    private final Map<Integer, Runnable> ends = new HashMap<>();
    private final Set<Integer> troubled = new HashSet<>();
    /** Each good snapshot that ever was in the primary region: its point, by identifier. */
    private final Map<String, Instant> made = new TreeMap<>();
    private final Map<String, Instant> ageOnly = new HashMap<>();
    private final StringBuilder diary = new StringBuilder();
    private World world;
    private Random random;
    private int ticks;
    private int faults;
    private int deaths;
    private int ageOnlyLosses;
    private int overdue;
    private Instant newestBackup = Instant.MIN;
    private Instant newestCopy = Instant.MIN;

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void yearKeepsItsPromises(long seed) {
        random = new Random(seed);
        world = new World(slot(FIRST).minus(Duration.ofHours(1)));
        try {
            ObjectNode shop = world.instance("shop");
            World.retention(shop, 2, 5, 3, 3, 2);
            World.retention((ObjectNode) shop.get("recovery"), 2, 3, 2, 2, 1);
            world.rds.takes(Work.EXPORT_START, Duration.ofMinutes(10));
            schedule();
            for (int day = 0; day < DAYS; day++) {
                live(day);
            }
            assertRetentionIsExact();
            assertNoSecondFullCopy();
            assertThat(ageOnlyLosses).as("times that a pruner by age alone lost the last copy, where this one did not").isPositive();
        } catch (AssertionError e) {
            throw new AssertionError("seed " + seed + ", " + world.clock.instant() + ", " + diary + "\n" + e.getMessage(), e);
        } finally {
            System.out.println("seed " + seed + ": " + ticks + " ticks, " + faults + " faults, " + deaths + " deaths, " + made.size() + " snapshots made, "
                    + world.rds.copies().size() + " copies, " + world.rds.copies().stream().filter(copy -> !copy.incremental()).count() + " of them full, RPO of "
                    + RPO.toHours() + " h overdue and alarmed in " + overdue + " ticks; a pruner that goes by an age of " + AGE_ONLY_DAYS
                    + " days alone lost the last copy " + ageOnlyLosses + " times");
            world.close();
        }
    }

    /** More of them, with commas between, by {@code -Dsimulation.seeds}. */
    static List<Long> seeds() {
        return Stream.of(System.getProperty("simulation.seeds", "20261121").split(",")).map(Long::valueOf).toList();
    }

    /** What goes on for longer than a tick; one thing at a time, with calm days between. */
    private void schedule() {
        int day = 10;
        List<Consumer<Integer>> troubles = new ArrayList<>();
        for (int time = 0; time < 3; time++) {
            troubles.add(at -> trouble("primary out", at, 1, () -> out(true), () -> out(false)));
            troubles.add(at -> trouble("recovery out", at, 1, () -> {
                world.recovery.out();
                world.tables.out(World.RECOVERY);
            }, () -> {
                world.recovery.back();
                world.tables.back(World.RECOVERY);
            }));
            troubles.add(at -> trouble("snapshot quota", at, 3, () -> world.primary.manualSnapshotQuota(0), () -> world.primary.manualSnapshotQuota(100)));
            troubles.add(at -> trouble("copy quota", at, 2, () -> world.recovery.manualSnapshotQuota(0), () -> world.recovery.manualSnapshotQuota(100)));
            troubles.add(at -> trouble("copies in progress", at, 2, () -> world.recovery.copyQuota(0), () -> world.recovery.copyQuota(20)));
            troubles.add(at -> trouble("exports", at, 2, () -> world.primary.exportQuota(0), () -> world.primary.exportQuota(5)));
            troubles.add(at -> trouble("revoked key", at, 2, () -> world.recoveryKey.state("PendingDeletion"), world.recoveryKey::allow));
            troubles.add(at -> trouble("clock", at, 1, () -> world.skew = Duration.ofHours(random.nextInt(20) - 10), () -> world.skew = Duration.ZERO));
        }
        troubles.add(at -> trouble("stopped", at, 10, () -> world.primary.instance("shop").status("stopped"), () -> world.primary.instance("shop").status("available")));
        Collections.shuffle(troubles, random);
        for (Consumer<Integer> trouble : troubles) {
            trouble.accept(day);
            day += 13;
        }
    }

    private void out(boolean out) {
        if (out) {
            world.primary.out();
            world.tables.out(World.PRIMARY);
        } else {
            world.primary.back();
            world.tables.back(World.PRIMARY);
        }
    }

    private void trouble(String name, int from, int days, Runnable begin, Runnable end) {
        begins.put(from, () -> {
            diary.append(name).append(' ').append(FIRST.plusDays(from)).append(", ");
            begin.run();
        });
        ends.put(from + days, end);
        for (int day = from; day <= from + days + 1; day++) {
            troubled.add(day);
        }
    }

    private void live(int day) {
        LocalDate date = FIRST.plusDays(day);
        begins.getOrDefault(day, () -> {}).run();
        ends.getOrDefault(day, () -> {}).run();
        Instant slot = slot(date);
        int before = faults;
        for (int minutes : TICKS) {
            tick(slot.plus(Duration.ofMinutes(minutes)));
        }
        tick(slot.plus(Duration.ofMinutes(200 + random.nextInt(1000))));
        // Ticks are rarer here than every five minutes: several that fail may be all of a day's.
        if (!troubled.contains(day) && faults - before <= 1) {
            assertThat(Duration.between(newestCopy, world.clock.instant())).as("age of the newest copy on a calm day").isLessThan(RPO);
        }
        pruneCopies();
        assertThat(completeExports()).as("exports of a day").doesNotHaveDuplicates();
        world.rds.forgetCalls();
    }

    /** Of the day's slot or another's: an export that is complete is not made again. */
    private List<String> completeExports() {
        return world.bucket.keys().stream().filter(key -> key.contains("/export_info_")).map(key -> key.replaceAll(".*export_info_|-a[0-9].json", "")).toList();
    }

    private void tick(Instant at) {
        world.clock.set(at);
        ticks++;
        // Once in a while a single run has a clock that is weeks off.
        Duration before = world.skew;
        if (random.nextInt(400) == 0) {
            world.skew = Duration.ofDays(random.nextInt(80) - 40);
            diary.append("skew ").append(world.skew).append(' ').append(at).append(", ");
        }
        if (random.nextInt(5) == 0) {
            faults++;
            somethingGoesWrong();
        }
        boolean told = true;
        Instant byClock = at.plus(world.skew);
        try {
            world.tick();
        } catch (FunctionDied e) {
            deaths++;
            told = false;
        }
        world.rds.clearFaults();
        check(told && world.skew.isZero());
        pruneByAge(byClock);
        world.skew = before;
    }

    private void somethingGoesWrong() {
        List<Consumer<Fault>> ways = List.of(Fault::dieBefore, Fault::dieAfter, Fault::loseAnswer, Fault::throttle, Fault::unavailable,
                fault -> fault.fail("InternalFailure"));
        switch (random.nextInt(8)) {
            case 0 -> world.rds.fault("CreateDBSnapshot").thenFails();
            case 1 -> world.rds.fault("CopyDBSnapshot").thenFails();
            case 2 -> world.rds.fault("StartExportTask").thenFails();
            default -> ways.get(random.nextInt(ways.size())).accept(world.rds.fault("*").on(1 + random.nextInt(7)));
        }
    }

    /** @param told whether the tick came to its end, by a right clock */
    private void check(boolean told) {
        List<SnapshotView> good = world.primaries().stream().filter(snapshot -> snapshot.status().equals("available")).toList();
        good.forEach(snapshot -> made.computeIfAbsent(snapshot.identifier() + snapshot.dataAt(), name -> point(snapshot)));
        Instant backup = newest(good);
        Instant copy = newest(world.copies().stream().filter(snapshot -> snapshot.status().equals("available")).toList());
        assertThat(backup).as("the newest backup never goes").isAfterOrEqualTo(newestBackup);
        assertThat(copy).as("the newest recovery copy never goes").isAfterOrEqualTo(newestCopy);
        newestBackup = backup;
        newestCopy = copy;
        assertThat(good.stream().map(SimulationTest::point).toList()).as("good snapshots of a slot").doesNotHaveDuplicates();
        boolean late = !backup.equals(Instant.MIN) && Duration.between(backup, world.clock.instant()).compareTo(RPO) > 0;
        Double age = told ? world.metric("BackupAge", "Database", "shop") : null;
        if (late) {
            overdue++;
            // A value that is missing is too old for the alarm as well.
            assertThat(age == null || age > RPO.toSeconds()).as("the alarm's condition, BackupAge %s", age).isTrue();
        }
        if (age != null && !world.primary.snapshots().isEmpty()) {
            assertThat(age).as("BackupAge").isEqualTo(Duration.between(backup, world.clock.instant()).toSeconds());
        }
        world.told().stream().filter(line -> line.has("reason")).forEach(line -> assertThat(line.path("remedy").asText()).isNotBlank());
    }

    /** The recovery region's function, which nothing of the primary region keeps from it. */
    private void pruneCopies() {
        try {
            new Invocation(Duration.ofMinutes(5))
                    .run(new RecoveryHandler(world, World.RECOVERY_TABLE, line -> {}, world.clock), world.plan.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same backups under a pruner that looks at nothing but their age. */
    private void pruneByAge(Instant now) {
        made.forEach((name, point) -> {
            if (!ageOnly.containsKey(name)) {
                ageOnly.put(name, point);
            }
        });
        boolean had = ageOnly.values().stream().anyMatch(Objects::nonNull);
        ageOnly.replaceAll((name, point) -> point == null || point.isBefore(now.minus(Duration.ofDays(AGE_ONLY_DAYS))) ? null : point);
        if (had && ageOnly.values().stream().noneMatch(Objects::nonNull)) {
            ageOnlyLosses++;
        }
    }

    /** Against a definition of its own: of all that ever were, those that some rule wants. */
    private void assertRetentionIsExact() {
        // Every removal takes one tick.
        for (int more = 0; more < 12; more++) {
            world.clock.advance(World.TICK);
            world.tick();
        }
        List<Instant> points = made.values().stream().distinct().sorted(Comparator.reverseOrder()).toList();
        Set<Instant> wanted = new HashSet<>(points.subList(0, 2));
        wanted.addAll(newestOfEach(points, 5, date -> date));
        wanted.addAll(newestOfEach(points, 3, date -> date.minusDays(date.getDayOfWeek().getValue())));
        wanted.addAll(newestOfEach(points, 3, date -> date.getYear() * 12 + date.getMonthValue()));
        Set<Instant> kept = world.primaries().stream().filter(snapshot -> snapshot.status().equals("available")).map(SimulationTest::point).collect(Collectors.toSet());
        assertThat(kept).isEqualTo(wanted);
    }

    private static Collection<Instant> newestOfEach(List<Instant> newestFirst, int count, Function<LocalDate, Object> period) {
        Map<Object, Instant> newest = new LinkedHashMap<>();
        newestFirst.forEach(point -> newest.putIfAbsent(period.apply(point.atZone(BERLIN).toLocalDate()), point));
        return newest.values().stream().limit(count).toList();
    }

    private void assertNoSecondFullCopy() {
        List<SnapshotCopy> copies = world.rds.copies();
        assertThat(copies).hasSizeGreaterThan(DAYS / 2);
        assertThat(copies.stream().filter(copy -> !copy.incremental()).map(SnapshotCopy::why).distinct().toList())
                .as("why copies were full").containsExactly("no copy of this database is there");
    }

    private static Instant newest(List<SnapshotView> snapshots) {
        return snapshots.stream().map(SnapshotView::dataAt).max(Comparator.naturalOrder()).orElse(Instant.MIN);
    }

    private static Instant point(SnapshotView snapshot) {
        Instant slot = Instant.parse(snapshot.tags().get(Tags.SLOT));
        return snapshot.dataAt().isBefore(slot.minus(Duration.ofMinutes(15))) ? snapshot.dataAt() : slot;
    }

    private static Instant slot(LocalDate date) {
        return date.atTime(LocalTime.of(2, 0)).atZone(BERLIN).toInstant();
    }
}
