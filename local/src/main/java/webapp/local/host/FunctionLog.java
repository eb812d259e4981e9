package webapp.local.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The log file of one function. Its processes write their output straight into it and the host adds the platform's lines, so that lines
 * stand in the order they were written. Its directory exists. At 10 MB the content moves to a second file, which replaces the one before.
 */
final class FunctionLog {
    static final long MAXIMUM_SIZE = 10 * 1024 * 1024;

    private final Path file;
    private final long maximumSize;
    private final boolean kept;

    FunctionLog(Path file) {
        this(file, MAXIMUM_SIZE);
    }

    FunctionLog(Path file, long maximumSize) {
        this(file, maximumSize, true);
    }

    private FunctionLog(Path file, long maximumSize, boolean kept) {
        this.file = file;
        this.maximumSize = maximumSize;
        this.kept = kept;
    }

    /** The log of a process whose lines nobody may keep. */
    FunctionLog lost() {
        return new FunctionLog(file, maximumSize, false);
    }

    Path file() {
        return file;
    }

    /** Where a process's own output goes. */
    ProcessBuilder.Redirect output() {
        return kept ? ProcessBuilder.Redirect.appendTo(file.toFile()) : ProcessBuilder.Redirect.DISCARD;
    }

    synchronized void line(String line) {
        if (!kept) {
            return;
        }
        try {
            if (Files.exists(file) && Files.size(file) > maximumSize) {
                rotate();
            }
            Files.write(file, (line + '\n').getBytes(UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to " + file, e);
        }
    }

    /** Copies and truncates instead of renaming: running processes hold the file open, in append mode. */
    private void rotate() throws IOException {
        Files.copy(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }
}
