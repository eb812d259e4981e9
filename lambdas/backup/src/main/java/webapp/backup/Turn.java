package webapp.backup;

import java.time.Instant;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/** A tick's turn in its region: one at a time by the lease, and what AWS says against a call is told, and stops nothing else. */
final class Turn {
    private final String plan;
    private final Instant now;
    private final Journal journal;
    private final Ledger ledger;
    private boolean leased;

    Turn(Plan plan, Instant now, Journal journal, Ledger ledger) {
        this.plan = plan.name();
        this.now = now;
        this.journal = journal;
        this.ledger = ledger;
    }

    /**
     * Does the work under the lease, or without one while the table does not answer.
     *
     * @param owner of the lease
     * @param until when it ends if this tick dies
     * @return {@code done}, or {@code busy} if another tick runs
     */
    String run(String owner, Instant until, Runnable work) {
        Boolean acquired = attempt("lease", "dynamodb:PutItem", () -> ledger.acquire(plan, owner, now, until));
        if (Boolean.FALSE.equals(acquired)) {
            journal.tell("busy", null, null, null, "another tick has the lease");
            return "busy";
        }
        leased = acquired != null;
        try {
            work.run();
        } catch (RuntimeException e) {
            release(owner);
            throw e;
        }
        release(owner);
        return "done";
    }

    /** Whether no other tick runs: only then is anything deleted. */
    boolean leased() {
        return leased;
    }

    private void release(String owner) {
        if (leased) {
            attempt("lease", "dynamodb:DeleteItem", () -> {
                ledger.release(plan, owner);
                return true;
            });
        }
    }

    /** @return null if it fails, which is told; the tick goes on with what it has */
    <T> T attempt(String stage, String operation, Supplier<T> call) {
        return attempt(stage, () -> operation, call);
    }

    /** @param operation that is to blame, asked for when it failed */
    <T> T attempt(String stage, Supplier<String> operation, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            Trouble trouble = Trouble.of(e, operation.get());
            if (trouble.reason() == null) {
                journal.tell("next-tick", null, null, null, trouble.code() + ": " + trouble.message());
            } else {
                journal.fail(new Failure(trouble.reason() == Reason.PERMISSION || !stage.equals("drill") ? trouble.reason() : Reason.DRILL,
                        stage, null, null, null, trouble.code(), trouble.message()));
            }
            return null;
        }
    }
}
