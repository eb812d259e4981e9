package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jars' bytes depend on the sources alone: their hashes are what redeploys a function. */
class ReproducibleJarsTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @Test
    void buildsAreIdenticalInAnotherDirectoryAndWithoutAClean(@TempDir Path other) throws IOException {
        for (String part : List.of("pom.xml", ".mvn", "lambdas", "local/pom.xml", "local/src", "benchmarks/pom.xml", "tests/pom.xml")) {
            copySources(CHECKOUT.resolve(part), other.resolve(part));
        }
        String here = Files.readString(CHECKOUT.resolve("dist/manifest.json"));
        assertThat(build(other)).as("built in another directory, in another time zone").isEqualTo(here);
        assertThat(build(other)).as("built again without a clean").isEqualTo(here);
    }

    /** The manifest, which holds the SHA-256 of every jar. */
    private static String build(Path checkout) throws IOException {
        new Command(checkout, Map.of("JAVA_HOME", System.getProperty("java.home"), "TZ", "Asia/Tokyo"))
                .run("mvn", "-B", "-q", "-ntp", "-pl", "lambdas/manifest", "-am", "-DskipTests", "package");
        return Files.readString(checkout.resolve("dist/manifest.json"));
    }

    private static void copySources(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).filter(file -> !file.toString().contains("/target/")).toList()) {
                Path target = from.equals(file) ? to : to.resolve(from.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }
}
