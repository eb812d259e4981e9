package webapp.local.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says why MariaDB did not start, with the remedy where there is a known one. */
final class StartFailure {
    private static final Pattern MISSING_LIBRARY = Pattern.compile("error while loading shared libraries: (\\S+?):");
    private static final Pattern OLD_GLIBC = Pattern.compile("version `((?:GLIBC|GLIBCXX)_\\S+)' not found");
    private static final int TAIL_LINES = 12;

    private StartFailure() {}

    /** Another process listens on the port that was free a moment ago. */
    static final class PortTaken extends IOException {
        private static final long serialVersionUID = 1L;

        PortTaken(String message) {
            super(message);
        }
    }

    /**
     * @param what   what did not work
     * @param status exit status of the process
     * @param output what it printed
     */
    static IOException of(String what, int status, String output, Path directory) {
        String failed = what + " failed with status " + status + ": ";
        Matcher library = MISSING_LIBRARY.matcher(output);
        if (library.find()) {
            return new IOException(failed + "this machine lacks the shared library " + library.group(1)
                    + ", which the server needs. Install the package that has it (libcrypt.so.1: libcrypt1 on Debian and Ubuntu,"
                    + " libxcrypt-compat on Fedora; libsystemd.so.0: libsystemd0).");
        }
        Matcher glibc = OLD_GLIBC.matcher(output);
        if (glibc.find()) {
            return new IOException(failed + "the C library of this machine is too old, it lacks " + glibc.group(1)
                    + ". Use a Linux distribution that is still supported.");
        }
        // An interpreter that does not exist is reported as if the program itself did not: a system without glibc.
        if (status == 127 || output.contains("cannot execute: required file not found")) {
            return new IOException(failed + "its program cannot be executed here. It needs Linux on x86-64 with glibc; Alpine and"
                    + " other musl systems do not have it.\n" + tail(output));
        }
        if (output.contains("No space left on device") || output.contains("Errcode: 28") || output.contains("errno: 28")
                || output.contains("error 28")) {
            return new IOException(failed + "the disk of " + directory + " is full (" + free(directory)
                    + " MB free). It takes about 600 MB.");
        }
        if (output.contains("Address already in use")) {
            return new PortTaken(failed + "another process took its port");
        }
        return new IOException(failed + "\n" + tail(output));
    }

    static IOException unpacking(IOException cause, Path directory) {
        boolean full = String.valueOf(cause.getMessage()).contains("No space left on device");
        return new IOException("cannot unpack MariaDB into " + directory
                + (full ? ": the disk is full (" + free(directory) + " MB free, it takes about 600 MB)" : ""), cause);
    }

    static String read(Path output) throws IOException {
        return Files.exists(output) ? new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1) : "";
    }

    private static String tail(String output) {
        String[] lines = output.strip().split("\n");
        return String.join("\n", List.of(lines).subList(Math.max(0, lines.length - TAIL_LINES), lines.length));
    }

    private static long free(Path directory) {
        return directory.toFile().getUsableSpace() / 1_000_000;
    }
}
