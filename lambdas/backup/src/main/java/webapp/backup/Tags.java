package webapp.backup;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tags that hold all state there is. RDS takes letters, digits, spaces and {@code _.:/=+-@} in them. */
final class Tags {
    static final String PLAN = "backup:plan";
    static final String DATABASE = "backup:database";
    static final String SLOT = "backup:slot";
    static final String ROLE = "backup:role";
    /** When the data of a copy was taken: a cluster's copy does not say it. */
    static final String TAKEN = "backup:taken";
    /** On a primary snapshot, what became of its export: {@code complete}, {@code skipped-tables} or {@code failed}. */
    static final String EXPORT = "backup:export";
    /** On a primary snapshot, the last slot whose export was complete when it was made: that snapshot may be gone by now. */
    static final String EXPORTED = "backup:exported";
    /** On a primary snapshot: {@code recorded} or {@code failed}. */
    static final String WINDOWS = "backup:windows";
    /** {@link Names#digest} of the accounts that it is shared with. */
    static final String SHARED = "backup:shared";
    /** Somebody's reason to keep the snapshot. */
    static final String HOLD = "backup:hold";
    /** On what a drill restored. */
    static final String VERDICT = "backup:verdict";

    private Tags() {}

    static Map<String, String> of(String plan, String database, Instant slot, Role role) {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put(PLAN, plan);
        tags.put(DATABASE, database);
        tags.put(SLOT, slot.toString());
        tags.put(ROLE, role.text);
        return tags;
    }
}
