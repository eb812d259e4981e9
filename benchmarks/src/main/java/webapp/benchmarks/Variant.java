package webapp.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One way to answer the same request, or to do the same tick of a backup plan.
 *
 * @param name as it stands in the raw figures
 * @param title as it stands in the table
 * @param read what it is asked for, null for a tick
 * @param command without the address of the Runtime API, which the environment has
 * @param directory the task root, in which the process runs
 * @param environment the variables of this variant alone
 * @param cache the AOT cache that the command names, null for none
 * @param restored whether SnapStart is played: the answer counts from the restore on
 * @param everyRounds in every how many rounds it takes part: what is slow takes part in fewer
 * @param memory of the function, in MB
 * @param timeout of the function, in seconds
 * @param payload bytes of the function's own code
 */
record Variant(
        String name,
        String title,
        Read read,
        List<String> command,
        Path directory,
        Map<String, String> environment,
        Path cache,
        boolean restored,
        int everyRounds,
        int memory,
        int timeout,
        long payload) {

    Variant with(String otherName, List<String> otherCommand) {
        return new Variant(otherName, title, read, otherCommand, directory, environment, cache, restored, everyRounds, memory, timeout, payload);
    }

    boolean ticks() {
        return read == null;
    }

    /** @return bytes of what is deployed */
    long size() throws IOException {
        return cache == null ? payload : payload + Files.size(cache);
    }
}
