package webapp.api;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import webapp.core.snapstart.Checkpoint;

/** What happens to a function before its snapshot is taken. */
public final class Priming {
    private Priming() {}

    /** @return what was logged meanwhile, where the runtime's own logger writes */
    public static String of(Checkpoint checkpoint) {
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            checkpoint.beforeCheckpoint(null);
        } finally {
            System.setOut(console);
        }
        return logged.toString(StandardCharsets.UTF_8);
    }
}
