package webapp.local;

import java.time.Instant;
import java.util.Optional;

/**
 * One running part of the stack, as {@code make status} shows it.
 *
 * @param pid the process that it lives in
 * @param startedAt when that process started, in milliseconds of the epoch, so that a reused process id is not taken for it
 * @param url where it listens
 */
record Part(String name, long pid, long startedAt, String url) {
    static final String SERVER = "server";
    static final String LOCAL_AWS = "local AWS";
    static final String MARIADB = "MariaDB";

    static Part of(String name, ProcessHandle process, String url) {
        return new Part(name, process.pid(), startedAt(process), url);
    }

    /** The process if it is still the one that was recorded. One that was killed and waits for its parent has no command any more. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid)
                .filter(process -> process.isAlive() && startedAt(process) == startedAt && process.info().command().isPresent());
    }

    private static long startedAt(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
