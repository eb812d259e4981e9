package webapp.canary;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.State;
import webapp.canary.Aliases.Alias;

/**
 * Moves one function's alias from version to version. What is true is what the alias says: each signal is answered from that alone, so a
 * signal that comes twice changes nothing the second time, and one that is cut short is finished by the next.
 */
final class Rollout {
    private final Canary canary;
    private final Aliases aliases;
    private final Alarms alarms;
    private final Journal journal;
    private final InstantSource clock;

    Rollout(Canary canary, Aliases aliases, Alarms alarms, Journal journal, InstantSource clock) {
        this.canary = canary;
        this.aliases = aliases;
        this.alarms = alarms;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * What a signal comes to.
     *
     * @param wanted null to leave the alias as it is
     * @param entry null if there is nothing to tell
     * @param version the one that it is about
     */
    private record Outcome(Alias wanted, Journal.Entry entry, String version, String detail) {
        static Outcome nothing(String version, String detail) {
            return new Outcome(null, null, version, detail);
        }
    }

    /**
     * Gives this version its weight, once Lambda has made it ready, and takes it from an older candidate. A version that serves, is
     * under way or was rolled back is left as it is.
     *
     * @return what the alias then says of the version: waiting, started, serving, under-way or rolled-back
     * @throws IllegalStateException if the version does not initialise, or an alarm is missing
     */
    String start(String version) {
        Instant now = now();
        Outcome outcome = change(now, alias -> {
            String known = knownAs(alias, version);
            return known == null ? begun(alias, version, now) : Outcome.nothing(version, known);
        });
        return outcome.entry() == null ? outcome.detail() : outcome.entry() == Journal.Entry.STARTED ? "started" : "waiting";
    }

    private static String knownAs(Alias alias, String version) {
        if (alias.version().equals(version)) {
            return "serving";
        }
        if (version.equals(alias.candidate())) {
            return "under-way";
        }
        Progress progress = alias.progress().orElse(null);
        if (progress != null && progress.is(Progress.State.WAITING, version)) {
            return "waiting";
        }
        return progress != null && progress.is(Progress.State.ROLLED_BACK, version) ? "rolled-back" : null;
    }

    private Outcome begun(Alias alias, String version, Instant now) {
        alarms.raised(canary); // A missing one fails the apply, rather than some tick.
        GetFunctionConfigurationResponse found = aliases.version(canary, version);
        if (found.state() == State.FAILED) {
            throw new IllegalStateException("version " + version + " of " + canary.functionName() + " does not initialise: " + found.stateReason());
        }
        String beside = "beside " + alias.version() + (alias.candidate() == null ? "" : ", in place of " + alias.candidate());
        return ready(found) ? new Outcome(baking(alias, version, now), Journal.Entry.STARTED, version, beside)
                : new Outcome(alias.sendingAllTo(alias.version()).with(new Progress(Progress.State.WAITING, version, now, null)),
                        Journal.Entry.WAITING, version, beside);
    }

    /** Takes the candidate's weight, unless the alarm is older than the rollout. */
    void alarm(String name, Instant at) {
        Instant now = now();
        String reason = "alarm " + name;
        change(now, alias -> alias.candidate() == null || startedAfter(alias, at)
                ? new Outcome(null, Journal.Entry.IGNORED, alias.version(), reason + " of " + at + ": no rollout that it could be about")
                : new Outcome(rolledBack(alias, alias.candidate(), reason, now), Journal.Entry.ROLLED_BACK, alias.candidate(), reason));
    }

    /** Of weights that somebody else gave nobody knows since when they are there: an alarm takes them in any case. */
    private static boolean startedAfter(Alias alias, Instant alarm) {
        return baking(alias).filter(progress -> alarm.isBefore(progress.since())).isPresent();
    }

    /** Does what is due: gives a waiting candidate its weight, promotes one that has baked, and takes back one whose alarm was missed. */
    void tick() {
        Instant now = now();
        change(now, alias -> due(alias, now));
    }

    private Outcome change(Instant now, Function<Alias, Outcome> decision) {
        AtomicReference<Outcome> last = new AtomicReference<>();
        aliases.change(canary, alias -> {
            last.set(decision.apply(alias));
            return last.get().wanted();
        });
        Outcome outcome = last.get();
        if (outcome.entry() != null) {
            journal.write(outcome.entry(), canary, outcome.version(), outcome.detail(), now);
        }
        return outcome;
    }

    private Outcome due(Alias alias, Instant now) {
        if (alias.candidate() != null) {
            return baking(alias).map(progress -> judged(alias, progress, now))
                    .orElseGet(() -> new Outcome(null, Journal.Entry.HELD, alias.candidate(), "a weight that somebody else gave"));
        }
        Progress progress = alias.progress().orElse(null);
        if (progress == null || progress.version().equals(alias.version())) {
            return Outcome.nothing(alias.version(), null);
        }
        return switch (progress.state()) {
            case WAITING -> admitted(alias, progress, now);
            case ROLLED_BACK -> new Outcome(null, Journal.Entry.STILL_ROLLED_BACK, progress.version(), progress.reason());
            case BAKING, SERVING -> Outcome.nothing(progress.version(), null); // Somebody else took over.
        };
    }

    private Outcome admitted(Alias alias, Progress waiting, Instant now) {
        GetFunctionConfigurationResponse found = aliases.version(canary, waiting.version());
        if (found.state() == State.FAILED) {
            String reason = "it does not initialise: " + found.stateReason();
            return new Outcome(rolledBack(alias, waiting.version(), reason, now), Journal.Entry.ROLLED_BACK, waiting.version(), reason);
        }
        return !ready(found) ? Outcome.nothing(waiting.version(), null)
                : new Outcome(baking(alias, waiting.version(), now), Journal.Entry.STARTED, waiting.version(), "beside " + alias.version());
    }

    private Outcome judged(Alias alias, Progress baking, Instant now) {
        List<Alarms.Raised> raised = alarms.raised(canary);
        for (Alarms.Raised alarm : raised) {
            if (alarm.since() == null || !alarm.since().isBefore(baking.since())) {
                String reason = "alarm " + alarm.name();
                return new Outcome(rolledBack(alias, baking.version(), reason, now), Journal.Entry.ROLLED_BACK, baking.version(), reason);
            }
        }
        if (now.isBefore(baking.since().plus(canary.bakeTime()))) {
            return Outcome.nothing(baking.version(), null);
        }
        if (!raised.isEmpty()) {
            // It went off before the rollout, so this version is neither to blame nor proved good: it may be the very cure.
            return new Outcome(null, Journal.Entry.HELD, baking.version(), "alarm " + raised.getFirst().name() + ", in ALARM since before the rollout");
        }
        Alias promoted = alias.sendingAllTo(baking.version()).with(new Progress(Progress.State.SERVING, baking.version(), now, null));
        return new Outcome(promoted, Journal.Entry.PROMOTED, baking.version(), "in place of " + alias.version());
    }

    private Alias baking(Alias alias, String version, Instant now) {
        return alias.sending(canary.weight(), version).with(new Progress(Progress.State.BAKING, version, now, null));
    }

    private static Alias rolledBack(Alias alias, String version, String reason, Instant now) {
        return alias.sendingAllTo(alias.version()).with(new Progress(Progress.State.ROLLED_BACK, version, now, reason));
    }

    /** The rollout that gave the candidate its weight; empty if none of ours did. */
    private static Optional<Progress> baking(Alias alias) {
        return alias.progress().filter(progress -> progress.is(Progress.State.BAKING, alias.candidate()));
    }

    /** A version whose snapshot is still made (Pending) answers nobody. Where no state is told there are none. */
    private static boolean ready(GetFunctionConfigurationResponse version) {
        return version.state() == null || version.state() == State.ACTIVE;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
