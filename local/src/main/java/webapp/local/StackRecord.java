package webapp.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What a running stack writes down for the commands that come after it.
 *
 * @param localAws where local AWS listens
 * @param frontDoor where a browser opens the site
 */
record StackRecord(String localAws, String frontDoor, Ports ports, List<Part> parts) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Optional<StackRecord> read(Path directory) {
        Path file = file(directory);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(file.toFile(), StackRecord.class));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": run make down, then make up", e);
        }
    }

    void write(Path directory) throws IOException {
        Path draft = file(directory).resolveSibling("stack.json.new");
        JSON.writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), this);
        Files.move(draft, file(directory), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where the function host listens; empty when an older version of this program wrote the record. */
    Optional<URI> functionHost() {
        return Optional.ofNullable(ports).map(known -> URI.create("http://127.0.0.1:" + known.functionHost()));
    }

    /** Whether the process with this id wrote it. */
    boolean isOf(long serverPid) {
        return parts.stream().anyMatch(part -> part.name().equals(Part.SERVER) && part.pid() == serverPid);
    }

    static void delete(Path directory) throws IOException {
        Files.deleteIfExists(file(directory));
    }

    private static Path file(Path directory) {
        return directory.resolve("stack.json");
    }
}
