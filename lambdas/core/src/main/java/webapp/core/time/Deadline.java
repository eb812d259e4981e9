package webapp.core.time;

import java.time.Duration;

/** The moment by which work must have ended, on the clock of {@link System#nanoTime()}. */
public final class Deadline {
    private final long nanoTime;

    private Deadline(long nanoTime) {
        this.nanoTime = nanoTime;
    }

    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    public Deadline orIn(Duration duration) {
        Deadline other = in(duration);
        return other.nanoTime - nanoTime < 0 ? other : this;
    }

    /** @return what is left, in milliseconds; negative once it has passed */
    public long remainingMillis() {
        return (nanoTime - System.nanoTime()) / 1_000_000;
    }
}
