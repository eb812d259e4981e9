package webapp.local.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A private virtual environment that holds exactly the hash-pinned packages of a requirements file. */
public final class PythonEnvironment {
    private final Path directory;

    private PythonEnvironment(Path directory) {
        this.directory = directory;
    }

    /** Makes the environment, or keeps the one that already holds these requirements. */
    public static PythonEnvironment prepare(Path directory, Path requirements, Path log) throws IOException, InterruptedException {
        PythonEnvironment environment = new PythonEnvironment(directory);
        Path installed = directory.resolve("requirements.txt");
        if (Files.exists(installed) && Files.mismatch(installed, requirements) == -1) {
            return environment;
        }
        Files.createDirectories(directory);
        run(log, List.of("python3", "-m", "venv", "--clear", directory.toString()), "make a Python environment");
        run(log, List.of(environment.python().toString(), "-m", "pip", "install", "--quiet", "--no-cache-dir", "--disable-pip-version-check",
                "--require-hashes", "--only-binary=:all:", "-r", requirements.toString()), "install the packages of " + requirements + " from PyPI");
        Files.copy(requirements, installed);
        return environment;
    }

    public Path python() {
        return directory.resolve("bin/python");
    }

    /** The directory of the {@code node} program that one of the packages brings; CloudFront functions run in it. */
    Path nodeDirectory() throws IOException {
        try (var files = Files.find(directory.resolve("lib"), 6,
                (file, attributes) -> file.endsWith("bin/node") && attributes.isRegularFile())) {
            return files.findFirst().orElseThrow(() -> new IOException("no node program in " + directory
                    + ": remove that directory and run make up again")).getParent();
        }
    }

    /** @param name of a file that one of the packages brings, with a part of its path that no other file has */
    public Path file(String name) throws IOException {
        try (var files = Files.find(directory.resolve("lib"), 8, (file, attributes) -> file.endsWith(name) && attributes.isRegularFile())) {
            return files.findFirst().orElseThrow(() -> new IOException("no " + name + " in " + directory));
        }
    }

    private static void run(Path log, List<String> command, String purpose) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().remove("PYTHONHOME");
        // Of pip, interrupted, much is left; make down clears this directory.
        builder.environment().put("TMPDIR", System.getProperty("java.io.tmpdir"));
        Process process = builder.start();
        if (!process.waitFor(10, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("could not " + purpose + " within 10 minutes: see " + log);
        }
        if (process.exitValue() != 0) {
            throw new IOException("could not " + purpose + " (exit status " + process.exitValue() + "): see " + log);
        }
    }
}
