package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terraform drops a misspelt key of an object without a word; here it is named. */
class DeclaredKeysTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @TempDir
    private Path copy;

    @Test
    void everyKeyOfThisRepositoryIsDeclaredAndRead() {
        assertThat(DeclaredKeys.faults(configurations(CHECKOUT))).isEmpty();
    }

    @Test
    void misspeltKeyOfAVariablesFileIsNamed() throws IOException {
        assertThat(faultsWith("examples/complete/dev.tfvars", "  deletion_protection  ", "  delete_protection  "))
                .singleElement().asString().startsWith("complete/dev.tfvars: database.delete_protection is not in the declared type");
    }

    @Test
    void misspeltVariableOfAVariablesFileIsNamed() throws IOException {
        assertThat(faultsWith("examples/complete/dev.tfvars", "edge =", "edges ="))
                .containsExactly("complete/dev.tfvars: edges is no variable.");
    }

    @Test
    void keyThatThePassedOnTypeLacksIsNamed() throws IOException {
        assertThat(faultsWith("examples/complete/variables.tf", "multi_az ", "multi_zone "))
                .first().asString().startsWith("complete/main.tf: module.webapp.database.multi_zone is not in the declared type");
    }

    @Test
    void misspeltKeyInTheCallOfAModuleIsNamed() throws IOException {
        assertThat(faultsWith("main.tf", "    memory_size        = var.database.migrator.memory_size", "    memory = var.database.migrator.memory_size"))
                .singleElement().asString().contains("main.tf: module.database.migrator.memory is not in the declared type");
    }

    @Test
    void misspeltKeyOfADefaultIsNamed() throws IOException {
        assertThat(faultsWith("variables.tf", "        operations = [\"getLiveness\", \"getReadiness\"]\n        database ",
                "        operations = [\"getLiveness\", \"getReadiness\"]\n        data_base "))
                .singleElement().asString().contains("var.api.functions (its default).health.data_base is not in the declared type");
    }

    @Test
    void optionThatNothingReadsIsNamed() throws IOException {
        assertThat(faultsWith("main.tf", "= var.database.multi_az\n", "= false\n"))
                .singleElement().asString().endsWith("var.database.multi_az is read by nothing.");
    }

    @Test
    void variableThatIsNotPassedOnToAModuleThatHasItIsNamed() throws IOException {
        assertThat(faultsWith("main.tf", "  flow_logs          = var.network.flow_logs\n  tags               = local.tags\n", "  flow_logs          = var.network.flow_logs\n"))
                .containsExactly(copy.getFileName() + "/main.tf: module.network.tags is not given, although the caller has var.tags.");
    }

    private List<String> faultsWith(String file, String text, String mistake) throws IOException {
        for (Path configuration : configurations(CHECKOUT)) {
            try (Stream<Path> files = Files.list(configuration)) {
                for (Path source : files.filter(path -> path.toString().matches(".*[.]tf(vars)?")).toList()) {
                    Path target = copy.resolve(CHECKOUT.relativize(source).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(source, target);
                }
            }
        }
        String before = Files.readString(copy.resolve(file));
        assertThat(before).containsOnlyOnce(text);
        Files.writeString(copy.resolve(file), before.replace(text, mistake));
        return DeclaredKeys.faults(configurations(copy));
    }

    private static List<Path> configurations(Path checkout) {
        List<Path> configurations = new ArrayList<>(List.of(checkout));
        for (String parent : List.of("modules", "examples")) {
            try (Stream<Path> directories = Files.list(checkout.resolve(parent))) {
                directories.sorted().forEach(configurations::add);
            } catch (IOException e) {
                throw new IllegalStateException("could not list " + checkout.resolve(parent), e);
            }
        }
        return configurations;
    }
}
