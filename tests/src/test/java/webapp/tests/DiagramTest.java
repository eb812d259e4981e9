package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The picture in {@code docs/architecture.md} shows every module and every handler, and none that is not there. */
class DiagramTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @Test
    void showsTheModules() throws IOException {
        Set<String> modules = new TreeSet<>();
        try (Stream<Path> directories = Files.list(CHECKOUT.resolve("modules"))) {
            directories.forEach(directory -> modules.add(directory.getFileName().toString()));
        }
        assertThat(found("modules/([a-z]+)")).isEqualTo(modules);
    }

    @Test
    void showsTheHandlers() throws IOException {
        Set<String> handlers = new TreeSet<>();
        for (JsonNode artifact : new ObjectMapper().readTree(CHECKOUT.resolve("dist/manifest.json").toFile())) {
            artifact.path("handlers").forEach(handler -> handlers.add(handler.asText()));
        }
        assertThat(found("(webapp\\.[a-z.]+\\.[A-Z]\\w+)")).isEqualTo(handlers);
    }

    private static Set<String> found(String pattern) throws IOException {
        String document = Files.readString(CHECKOUT.resolve("docs/architecture.md"));
        String picture = document.substring(document.indexOf("```mermaid"), document.indexOf("```\n", document.indexOf("```mermaid") + 3));
        return Pattern.compile(pattern).matcher(picture).results().map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
