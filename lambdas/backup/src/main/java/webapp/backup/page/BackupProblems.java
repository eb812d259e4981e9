package webapp.backup.page;

import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;

/** The problems that only operations on backups have. */
final class BackupProblems {
    private static final ProblemType DATABASE_NOT_FOUND = new ProblemType("database-not-found", "Database not found", 404);
    private static final ProblemType SLOT_NOT_FOUND = new ProblemType("slot-not-found", "Slot not found", 404);
    private static final ProblemType DRILL_NOT_CONFIGURED =
            new ProblemType("drill-not-configured", "Drill not configured", 409);

    private BackupProblems() {}

    static ProblemException databaseNotFound() {
        return new ProblemException(DATABASE_NOT_FOUND, "The plan backs up no database with this identifier.");
    }

    static ProblemException slotNotFound() {
        return new ProblemException(SLOT_NOT_FOUND, "The database has no backup of this slot.");
    }

    static ProblemException drillNotConfigured() {
        return new ProblemException(DRILL_NOT_CONFIGURED, "The plan has no restore drill for this database.");
    }
}
