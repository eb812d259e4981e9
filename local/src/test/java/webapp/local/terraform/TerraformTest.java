package webapp.local.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the real Terraform, with its built-in resource, so that no provider is needed. */
class TerraformTest {
    @TempDir
    private Path directory;

    private final List<String> progress = new ArrayList<>();
    private Path configuration;

    @BeforeEach
    void write() throws IOException {
        configuration = Files.createDirectories(directory.resolve("checkout/examples/one"));
        Files.writeString(configuration.resolve("main.tf"), """
                variable "text" { type = string }
                resource "terraform_data" "kept" { input = var.text }
                output "text" { value = terraform_data.kept.output }
                """);
    }

    @Test
    void appliesTellsItsOutputsAndDestroys() {
        Terraform terraform = terraform("hello");
        terraform.initAndApply();
        assertThat(terraform.output("text")).isEqualTo("hello");
        assertThat(terraform.stateList()).containsExactly("terraform_data.kept");
        assertThat(terraform.resources()).singleElement().satisfies(resource ->
                assertThat(resource.path("values").path("input").asText()).isEqualTo("hello"));
        assertThat(progress).anyMatch(line -> line.startsWith("terraform_data.kept: Creation complete"));

        terraform.destroy();
        assertThat(terraform.stateList()).isEmpty();
    }

    @Test
    void planTellsWhatWouldChange() {
        terraform("hello").initAndApply();
        assertThat(terraform("hello").plannedChanges()).isEmpty();

        Terraform changed = terraform("goodbye");
        assertThat(changed.plannedChanges()).isEqualTo(Map.of("terraform_data.kept", List.of("update")));
        assertThat(changed.plannedAttributes()).isEqualTo(Map.of("terraform_data.kept", List.of("input")));
    }

    @Test
    void stateStaysOutOfTheConfigurationsDirectory() throws IOException {
        terraform("hello").initAndApply();
        try (var files = Files.list(configuration)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactly("main.tf");
        }
    }

    @Test
    void failureCarriesTerraformsErrors() throws IOException {
        Files.writeString(configuration.resolve("main.tf"), "variable \"text\" { type = string }\noutput \"text\" { value = nothing.at.all }\n");
        Terraform terraform = terraform("hello");
        assertThatThrownBy(terraform::initAndApply).isInstanceOf(TerraformException.class)
                .hasMessageContaining("terraform apply failed").hasMessageContaining("nothing");
    }

    @Test
    void misspeltVariableIsNamed() throws IOException {
        Path variables = Files.writeString(directory.resolve("dev.tfvars"), "text = \"hello\"\ntxet = \"goodbye\"\n");
        new Terraform(configuration, directory.resolve("work"), Map.of(), List.of("-var-file=" + variables), progress::add).initAndApply();
        assertThat(progress).anyMatch(line -> line.startsWith("Warning: txet "));
    }

    @Test
    void secondApplyTellsThatNothingChanged() {
        terraform("hello").initAndApply();
        progress.clear();
        terraform("hello").initAndApply();
        assertThat(progress).containsExactly("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.");
    }

    @Test
    void interruptedApplyIsToldFromAFailedOne() throws Exception {
        Path begun = directory.resolve("begun");
        Files.writeString(configuration.resolve("main.tf"), """
                variable "text" { type = string }
                resource "terraform_data" "slow" {
                  provisioner "local-exec" { command = "touch %s; sleep 30" }
                }
                """.formatted(begun));
        CompletableFuture<Void> apply = CompletableFuture.runAsync(() -> terraform("hello").initAndApply());
        while (!Files.exists(begun) && !apply.isDone()) {
            Thread.sleep(50);
        }
        ProcessHandle terraform = ProcessHandle.current().children()
                .filter(child -> child.info().command().orElse("").endsWith("terraform")).findFirst().orElseThrow();
        new ProcessBuilder("kill", "-INT", Long.toString(terraform.pid())).start().waitFor();
        assertThatThrownBy(apply::join).cause().isInstanceOfSatisfying(TerraformException.class,
                failure -> assertThat(failure.wasInterrupted()).as(failure.errors()).isTrue());
    }

    @Test
    void whatTerraformSaysBesidesAnOutputIsNotTakenForIt() {
        terraform("hello").initAndApply();
        Terraform talkative = new Terraform(configuration, directory.resolve("work"), Map.of("TF_LOG", "INFO"), List.of(), progress::add);
        assertThat(talkative.output("text")).isEqualTo("hello");
    }

    @Test
    void missingOutputIsNamed() {
        Terraform terraform = terraform("hello");
        terraform.initAndApply();
        assertThatThrownBy(() -> terraform.output("url")).hasMessageContaining("no output url");
    }

    private Terraform terraform(String text) {
        return new Terraform(configuration, directory.resolve("work"), Map.of(), List.of("-var=text=" + text), progress::add);
    }
}
