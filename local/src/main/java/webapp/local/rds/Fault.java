package webapp.local.rds;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * What goes wrong with a call, scripted: {@code rds.fault("CopyDBSnapshot").in("eu-west-1").on(2).loseAnswer()}. The first part says which
 * calls (the next one of that action, unless {@link #in}, {@link #when}, {@link #on}, {@link #times} or {@link #always} say otherwise); the
 * last one says what happens and arms it. Where several match one call, the one armed first happens; every one of them counts it.
 */
public final class Fault {
    private final RdsDouble rds;
    private final String action;
    private String region;
    private Predicate<Call> condition = call -> true;
    private int first = 1;
    private int times = 1;
    private int seen;

    Kind kind;
    Refusal refusal;
    String failureCause;
    String warning;
    List<String> skipped = List.of();
    Duration takes;

    enum Kind { REFUSE, DIE_BEFORE, DIE_AFTER, LOSE_ANSWER, EFFECT }

    Fault(RdsDouble rds, String action) {
        this.rds = rds;
        this.action = action;
    }

    public Fault in(String region) {
        this.region = region;
        return this;
    }

    /** Only calls for which it holds; the call has no error yet. */
    public Fault when(Predicate<Call> condition) {
        this.condition = condition;
        return this;
    }

    /** The nth such call from now, counted from 1. */
    public Fault on(int nth) {
        first = nth;
        return this;
    }

    public Fault times(int times) {
        this.times = times;
        return this;
    }

    public Fault always() {
        return times(Integer.MAX_VALUE);
    }

    /** The action is not carried out; the caller's thread leaves the SDK client with {@link FunctionDied}. */
    public void dieBefore() {
        arm(Kind.DIE_BEFORE);
    }

    /** The action is carried out; the caller's thread leaves the SDK client with {@link FunctionDied}. */
    public void dieAfter() {
        arm(Kind.DIE_AFTER);
    }

    /** The action is carried out, the connection ends without an answer: an SdkClientException where the client does not retry. */
    public void loseAnswer() {
        arm(Kind.LOSE_ANSWER);
    }

    /** Throttling, 400. */
    public void throttle() {
        fail("Throttling", "Rate exceeded");
    }

    /** 503. */
    public void unavailable() {
        fail("ServiceUnavailable", "Service Unavailable. Please try again later.");
    }

    /** Refused with this code, under the HTTP status that belongs to it. */
    public void fail(String code) {
        fail(code, code + " (scripted)");
    }

    public void fail(String code, String message) {
        fail(ErrorCodes.status(code), code, message);
    }

    public void fail(int status, String code, String message) {
        refusal = new Refusal(status, code, message);
        arm(Kind.REFUSE);
    }

    /** Carried out and answered, but what it started ends as failed: a snapshot, copy, restore (incompatible-restore), export. */
    public void thenFails() {
        thenFails("An unknown internal error occurred.");
    }

    /** @param cause an export's FailureCause; a restore's status, such as {@code incompatible-network} */
    public void thenFails(String cause) {
        failureCause = cause;
        arm(Kind.EFFECT);
    }

    /** What it started takes this long; an export's STARTING. */
    public void thenTakes(Duration duration) {
        takes = duration;
        arm(Kind.EFFECT);
    }

    /** What it started never ends by itself. */
    public void thenHangs() {
        thenTakes(Duration.ofDays(36_500));
    }

    /** The export becomes COMPLETE without these tables ({@code shop.orders}), and says so in its WarningMessage. */
    public void thenSkips(String... tables) {
        skipped = List.of(tables);
        thenWarns("{\"skippedTables\":[\"" + String.join("\",\"", tables) + "\"],\"skippedObjectives\":[],\"general\":[]}");
    }

    /** The export becomes COMPLETE with this WarningMessage. */
    public void thenWarns(String message) {
        warning = message;
        arm(Kind.EFFECT);
    }

    private void arm(Kind what) {
        kind = what;
        rds.arm(this);
    }

    /** Counts the call if it is one of this fault's, and says whether it happens to it; not asked again once it is spent. */
    boolean strikes(Call call) {
        if (!(action.equals("*") || action.equals(call.action())) || !(region == null || region.equals(call.region()))
                || !condition.test(call)) {
            return false;
        }
        seen++;
        return seen >= first;
    }

    boolean isSpent() {
        return seen >= first && seen - first + 1 >= times;
    }
}
