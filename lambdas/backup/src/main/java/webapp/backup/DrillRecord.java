package webapp.backup;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One drill of a database, as the recovery region's table keeps it.
 *
 * @param slot whose drill it is: the plan's monthly one, or when a person asked
 * @param started from when on RTO and RPO are measured
 * @param by who asked, null for the plan
 * @param snapshot the recovery copy, null until one is chosen; so are {@code backupSlot} and {@code dataAt}
 * @param backupSlot the slot of the snapshot
 * @param dataAt when the copy's data was taken
 * @param complaint what hinders it at present, null for nothing
 * @param verdict {@link #PASSED}, {@link #FAILED} or {@link #RESTORED}; null while it runs
 * @param at when the verdict was reached
 * @param rtoSeconds from {@code started} to the checked database; null if it was not checked
 * @param rpoSeconds how much older than {@code started} the last moment is that the restored data prove; null if it was not checked
 */
record DrillRecord(
        Instant slot,
        Instant started,
        String by,
        String snapshot,
        Instant backupSlot,
        Instant dataAt,
        String complaint,
        String verdict,
        Instant at,
        Long rtoSeconds,
        Long rpoSeconds,
        List<String> findings) {

    /** Restored, and everything that was recorded is there. */
    static final String PASSED = "passed";
    static final String FAILED = "failed";
    /** Restored, and it lets the drill's user in; the plan has nothing recorded to compare it with. */
    static final String RESTORED = "restored";

    private static final String SEPARATOR = "\n";

    DrillRecord {
        findings = List.copyOf(findings);
    }

    static DrillRecord begun(Instant slot, Instant started, String by) {
        return new DrillRecord(slot, started, by, null, null, null, null, null, null, null, null, List.of());
    }

    DrillRecord of(Snapshot copy) {
        return new DrillRecord(slot, started, by, copy.identifier(), copy.slot(), copy.takenAt(), complaint, null, null, null, null, List.of());
    }

    DrillRecord complaining(String about) {
        return new DrillRecord(slot, started, by, snapshot, backupSlot, dataAt, about, null, null, null, null, List.of());
    }

    DrillRecord ended(String withVerdict, Instant now, Long rto, Long rpo, List<String> found) {
        return new DrillRecord(slot, started, by, snapshot, backupSlot, dataAt, null, withVerdict, now, rto, rpo, found);
    }

    boolean running() {
        return verdict == null;
    }

    boolean failed() {
        return FAILED.equals(verdict);
    }

    Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        put(attributes, "started", started);
        put(attributes, "by", by);
        put(attributes, "snapshot", snapshot);
        put(attributes, "backupSlot", backupSlot);
        put(attributes, "dataAt", dataAt);
        put(attributes, "complaint", complaint);
        put(attributes, "verdict", verdict);
        put(attributes, "at", at);
        put(attributes, "rto", rtoSeconds);
        put(attributes, "rpo", rpoSeconds);
        put(attributes, "findings", findings.isEmpty() ? null : String.join(SEPARATOR, findings));
        return attributes;
    }

    /**
     * @param attributes of an item, with its {@code sk}
     * @throws IllegalArgumentException if it is no record; so is DateTimeException
     */
    static DrillRecord of(Map<String, String> attributes) {
        if (attributes.get("started") == null) {
            throw new IllegalArgumentException("it does not say when it started");
        }
        return new DrillRecord(Instant.parse(attributes.get("sk")), instant(attributes, "started"), attributes.get("by"), attributes.get("snapshot"),
                instant(attributes, "backupSlot"), instant(attributes, "dataAt"), attributes.get("complaint"), attributes.get("verdict"),
                instant(attributes, "at"), number(attributes, "rto"), number(attributes, "rpo"),
                attributes.get("findings") == null ? List.of() : List.of(attributes.get("findings").split(SEPARATOR)));
    }

    private static void put(Map<String, String> attributes, String name, Object value) {
        if (value != null) {
            attributes.put(name, value.toString());
        }
    }

    private static Instant instant(Map<String, String> attributes, String name) {
        return attributes.get(name) == null ? null : Instant.parse(attributes.get(name));
    }

    private static Long number(Map<String, String> attributes, String name) {
        return attributes.get(name) == null ? null : Long.valueOf(attributes.get(name));
    }
}
