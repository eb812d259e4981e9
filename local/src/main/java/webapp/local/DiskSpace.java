package webapp.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recognises a full disk behind whatever it made fail: each program tells it in its own way, or not at all. */
final class DiskSpace {
    /** Below this much, in MB, what fails is taken to fail for that. */
    private static final long NOTHING = 50;
    /** What the first make up writes, in MB: MariaDB and local AWS unpacked, the provider, data and logs. */
    private static final long FIRST_START = 2_000;
    private static final long LATER_START = 200;
    private static final List<String> SIGNS = List.of("no space left on device", "disk quota exceeded");

    private DiskSpace() {}

    /** @throws IllegalStateException when the stack would run out of space while it starts */
    static void require(Path directory, boolean firstStart) {
        require(directory, firstStart ? FIRST_START : LATER_START);
    }

    static void require(Path directory, long megabytes) {
        if (free(directory) < megabytes) {
            throw new IllegalStateException("the disk of " + directory + " is almost full: " + free(directory) + " MB are free, and the"
                    + " stack needs " + megabytes + " MB. Make room, then run make up again");
        }
    }

    /** What to add to a failure's message when the disk is why. */
    static Optional<String> blamedFor(Throwable failure, Path directory) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
            if (SIGNS.stream().anyMatch(message::contains)) {
                return Optional.of(full(directory));
            }
        }
        return warning(directory);
    }

    /** That nothing more can be written; empty while something can. */
    static Optional<String> warning(Path directory) {
        return free(directory) < NOTHING ? Optional.of(full(directory)) : Optional.empty();
    }

    private static String full(Path directory) {
        return "The disk of " + directory + " is full (" + free(directory) + " MB are free): make room, then run make up again.";
    }

    private static long free(Path directory) {
        return directory.toFile().getUsableSpace() / 1_000_000;
    }
}
