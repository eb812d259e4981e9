package webapp.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Shares this machine's processors out: one for the function that is measured, the others for its database and for who measures. */
final class Processors {
    private Processors() {}

    /**
     * Moves this process, and so the database that it starts, off one processor.
     *
     * @return that processor, for the functions
     * @throws IOException if {@code taskset} fails, or if there is only one processor, on which nothing could be measured
     */
    static int reserve() throws IOException, InterruptedException {
        List<Integer> allowed = allowed();
        if (allowed.size() < 2) {
            throw new IOException("the benchmark needs two processors, one for the functions and one for their database");
        }
        int reserved = allowed.removeLast();
        String others = allowed.stream().map(String::valueOf).collect(Collectors.joining(","));
        Process taskset = new ProcessBuilder(
                        "taskset", "--all-tasks", "--pid", "--cpu-list", others, Long.toString(ProcessHandle.current().pid()))
                .redirectErrorStream(true)
                .start();
        String output = new String(taskset.getInputStream().readAllBytes());
        if (taskset.waitFor() != 0) {
            throw new IOException("taskset (util-linux) could not move this process: " + output);
        }
        return reserved;
    }

    /** @return the one that {@link #reserve} would take */
    static int last() throws IOException {
        return allowed().getLast();
    }

    private static List<Integer> allowed() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow());
    }

    /** @param line such as {@code Cpus_allowed_list: 0-3,6} */
    static List<Integer> parse(String line) {
        List<Integer> processors = new ArrayList<>();
        for (String range : line.substring(line.indexOf(':') + 1).strip().split(",")) {
            String[] ends = range.split("-");
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                processors.add(i);
            }
        }
        return processors;
    }
}
