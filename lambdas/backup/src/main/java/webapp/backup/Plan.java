package webapp.backup;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import webapp.backup.json.Fields;

/**
 * What {@code modules/backup} wants: the event of the functions that schedule backups and drills.
 *
 * @param dryRun whether pruning only says what it would delete
 * @param recoveryRegion null for none
 */
record Plan(String name, String account, String partition, String region, boolean dryRun, String recoveryRegion, List<Database> databases) {
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    /** How often a database is exported: its first backup of each such period, in the schedule's time zone. */
    enum Every { SLOT, DAY, WEEK, MONTH }

    enum Unit { DAY, HOUR }

    /**
     * @param kmsKeyArn the key its snapshots have to be under, null for the database's own
     * @param recovery null for no copy in the recovery region
     * @param shareWith accounts that may restore and copy its recovery copies, or its snapshots where there are no such
     * @param export null for none
     * @param drill null for none
     * @param windows null if none are recorded
     */
    record Database(
            String identifier,
            Kind kind,
            Schedule schedule,
            String kmsKeyArn,
            Retention retention,
            Recovery recovery,
            List<String> shareWith,
            Export export,
            Drill drill,
            Windows windows) {}

    /** @param optionGroupName in the recovery region, null for its default */
    record Recovery(String kmsKeyArn, String optionGroupName, Retention retention) {}

    /**
     * @param prefix without a slash at its end
     * @param exportOnly databases, schemas or tables; none for all
     * @param replicatedTo the bucket in the recovery region that has to have it too, null for none
     */
    record Export(String bucket, String prefix, String roleArn, String kmsKeyArn, Every every, List<String> exportOnly, String replicatedTo) {}

    /**
     * @param functionName of the function in the recovery region that checks the windows
     * @param rpo the most that may be lost, null where nothing is promised; so is {@code rto}
     */
    record Drill(
            int dayOfMonth,
            LocalTime time,
            String subnetGroupName,
            List<String> securityGroupIds,
            String parameterGroupName,
            String clusterParameterGroupName,
            String optionGroupName,
            String instanceClass,
            String functionName,
            String database,
            String user,
            Duration timeout,
            Duration rpo,
            Duration rto) {}

    /**
     * @param count how many closed windows
     * @param settle how long after its end a window is closed
     */
    record Windows(String functionName, String database, String user, Unit unit, int count, Duration settle, List<Table> tables) {}

    /** @param column the append-only table's time */
    record Table(String table, String column, List<String> columns) {}

    /** @throws IllegalArgumentException naming the value that is missing or wrong, by JSON pointer */
    static Plan parse(InputStream json) throws IOException {
        try {
            return plan(Fields.read(json));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the event is no backup plan: " + e.getMessage(), e);
        }
    }

    private static Plan plan(Fields json) {
        Fields recovery = json.optionalObject("recovery");
        List<Database> databases = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Fields each : json.objects("databases")) {
            Database database = database(each);
            if (!known.add(database.kind() + " " + database.identifier())) {
                throw each.refused("identifier", "is '" + database.identifier() + "' a second time");
            }
            if (database.recovery() != null && recovery == null) {
                throw each.refused("recovery", "is set, but the plan has no recovery region: set /recovery");
            }
            databases.add(database);
        }
        if (databases.isEmpty()) {
            throw json.refused("databases", "has none");
        }
        Plan plan = new Plan(json.text("name"), matching(json, "account", ACCOUNT, "an account id of 12 digits"), json.text("partition"), json.text("region"),
                json.flag("dryRun"), recovery == null ? null : recovery.text("region"), List.copyOf(databases));
        if (plan.region().equals(plan.recoveryRegion())) {
            throw json.refused("recovery/region", "is the databases' own: write another one");
        }
        if (recovery != null) {
            recovery.nothingElse();
        }
        json.nothingElse();
        return plan;
    }

    private static Database database(Fields json) {
        Database database = new Database(
                matching(json, "identifier", IDENTIFIER, "a database's identifier, in lower case as RDS lists it"),
                Kind.of(json.choice("kind", List.of(Kind.INSTANCE.text, Kind.CLUSTER.text))),
                schedule(json),
                json.optionalText("kmsKeyArn"),
                retention(json.object("retention")),
                recovery(json.optionalObject("recovery")),
                accounts(json),
                export(json.optionalObject("export")),
                drill(json.optionalObject("drill")),
                windows(json.optionalObject("windows")));
        if (database.drill() != null && database.recovery() == null) {
            throw json.refused("drill", "is set, but nothing is copied to the recovery region: set recovery");
        }
        json.nothingElse();
        return database;
    }

    private static Schedule schedule(Fields json) {
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (String day : json.texts("days")) {
            int number = DAYS.indexOf(day.toLowerCase(Locale.ROOT));
            if (number < 0) {
                throw json.refused("days", "has '" + day + "': write some of " + String.join(", ", DAYS));
            }
            days.add(DayOfWeek.of(number + 1));
        }
        List<LocalTime> times = new ArrayList<>();
        for (String time : json.texts("times")) {
            times.add(time(json, "times", time));
        }
        if (times.isEmpty()) {
            throw json.refused("times", "has none: write at least one, such as 02:00");
        }
        String zone = json.text("timeZone");
        try {
            return new Schedule(times, ZoneId.of(zone), days);
        } catch (DateTimeException e) {
            throw json.refused("timeZone", "is '" + zone + "': write a name of the time zone database, such as Europe/Berlin or UTC");
        }
    }

    private static LocalTime time(Fields json, String name, String text) {
        if (!TIME.matcher(text).matches()) {
            throw json.refused(name, "is '" + text + "': write hours and minutes, such as 02:00");
        }
        return LocalTime.parse(text);
    }

    private static Retention retention(Fields json) {
        Integer maximumAgeDays = json.has("maximumAgeDays") ? Integer.valueOf(count(json, "maximumAgeDays", 1)) : null;
        Retention retention = new Retention(count(json, "last", 0), count(json, "daily", 0), count(json, "weekly", 0), count(json, "monthly", 0),
                maximumAgeDays, count(json, "minimum", 1));
        json.nothingElse();
        return retention;
    }

    private static int count(Fields json, String name, int least) {
        return (int) json.number(name, least, 10_000);
    }

    private static Recovery recovery(Fields json) {
        if (json == null) {
            return null;
        }
        Recovery recovery = new Recovery(json.text("kmsKeyArn"), json.optionalText("optionGroupName"), retention(json.object("retention")));
        json.nothingElse();
        return recovery;
    }

    private static List<String> accounts(Fields json) {
        List<String> accounts = json.texts("shareWith");
        accounts.forEach(account -> {
            if (!ACCOUNT.matcher(account).matches()) {
                throw json.refused("shareWith", "has '" + account + "': write account ids of 12 digits");
            }
        });
        return accounts.stream().distinct().sorted().toList();
    }

    private static Export export(Fields json) {
        if (json == null) {
            return null;
        }
        Export export = new Export(json.text("bucket"), json.text("prefix").replaceFirst("/+$", ""), json.text("roleArn"), json.text("kmsKeyArn"),
                Every.valueOf(json.choice("every", List.of("slot", "day", "week", "month")).toUpperCase(Locale.ROOT)),
                json.texts("exportOnly"), json.optionalText("replicatedTo"));
        if (export.prefix().contains(":")) {
            throw json.refused("prefix", "is '" + export.prefix() + "': RDS takes no colon in it");
        }
        json.nothingElse();
        return export;
    }

    private static Drill drill(Fields json) {
        if (json == null) {
            return null;
        }
        Fields targets = json.optionalObject("targets");
        Drill drill = new Drill(
                (int) json.number("dayOfMonth", 1, 28),
                time(json, "time", json.text("time")),
                json.text("subnetGroupName"),
                json.texts("securityGroupIds"),
                json.optionalText("parameterGroupName"),
                json.optionalText("clusterParameterGroupName"),
                json.optionalText("optionGroupName"),
                json.text("instanceClass"),
                json.text("functionName"),
                json.text("database"),
                json.text("user"),
                minutes(json, "timeoutMinutes"),
                targets == null ? null : minutes(targets, "rpoMinutes"),
                targets == null ? null : minutes(targets, "rtoMinutes"));
        if (targets != null) {
            targets.nothingElse();
        }
        json.nothingElse();
        return drill;
    }

    private static Windows windows(Fields json) {
        if (json == null) {
            return null;
        }
        List<Table> tables = new ArrayList<>();
        for (Fields table : json.objects("tables")) {
            tables.add(new Table(table.text("table"), table.text("column"), table.texts("columns")));
            table.nothingElse();
        }
        Windows windows = new Windows(json.text("functionName"), json.text("database"), json.text("user"),
                Unit.valueOf(json.choice("unit", List.of("day", "hour")).toUpperCase(Locale.ROOT)), (int) json.number("count", 1, 1000),
                minutes(json, "settleMinutes"), List.copyOf(tables));
        json.nothingElse();
        return windows;
    }

    private static Duration minutes(Fields json, String name) {
        return Duration.ofMinutes(json.number(name, 0, 1_000_000));
    }

    private static String matching(Fields json, String name, Pattern pattern, String what) {
        String text = json.text(name);
        if (!pattern.matcher(text).matches()) {
            throw json.refused(name, "is '" + text + "': write " + what);
        }
        return text;
    }
}
