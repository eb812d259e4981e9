package webapp.local.rds;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is set, for the double and for the code under test. */
public final class SettableClock implements InstantSource {
    private volatile Instant now;

    public SettableClock(Instant start) {
        now = start;
    }

    @Override
    public Instant instant() {
        return now;
    }

    public void set(Instant instant) {
        now = instant;
    }

    /** @return the new time */
    public synchronized Instant advance(Duration by) {
        now = now.plus(by);
        return now;
    }
}
