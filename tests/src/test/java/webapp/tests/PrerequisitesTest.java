package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code local/webapp} names what a machine lacks before it starts anything. */
class PrerequisitesTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final List<String> BASICS = List.of("bash", "dirname", "readlink", "uname", "ldd", "sed", "grep", "sort", "head",
            "find", "mkdir", "chmod", "cat", "env", "awk", "xargs", "sha256sum");

    @TempDir
    private Path machine;

    /** A machine on which everything is there; each test takes one thing away. */
    @BeforeEach
    void equip() throws IOException {
        Files.createDirectories(machine.resolve("bin"));
        Files.createDirectories(machine.resolve("checkout/local"));
        Files.createDirectories(machine.resolve("jvm/jdk/bin"));
        // The script looks where Linux distributions put their JDKs; here that is a folder of the test's.
        Files.writeString(machine.resolve("checkout/local/webapp"), Files.readString(CHECKOUT.resolve("local/webapp"))
                .replace("/usr/lib/jvm/*", machine.resolve("jvm") + "/*").replace("/opt/java/* /opt/jdk*", ""));
        for (String basic : BASICS) {
            for (String directory : List.of("/usr/bin", "/bin")) {
                Path program = Path.of(directory, basic);
                if (Files.exists(program) && !Files.exists(machine.resolve("bin").resolve(basic))) {
                    program(basic, "exec " + program + " \"$@\"");
                }
            }
        }
        jdk("21.0.5");
        program("mvn", "echo 'Apache Maven 3.9.9 (abc)'");
        program("terraform", "echo 'Terraform v1.11.4'");
        program("python3", "case \"$2\" in *platform*) echo 3.11.7;; esac");
    }

    @Test
    void completeMachineGetsToTheBuild() {
        assertThat(up()).contains("Building the function jars");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom.xml", "lambdas/api/src/main/java/webapp/api/Users.java", "local/pom.xml",
            "local/src/main/java/webapp/local/aws/LocalAws.java"})
    void changedSourceIsBuiltOnceMore(String source) throws IOException {
        built();
        write(source, "first");
        assertThat(run("build")).contains("Building");
        assertThat(run("build")).doesNotContain("Building");
        write(source, "second");
        assertThat(run("build")).contains("Building");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local/aws/launch.py", "local/src/test/java/webapp/local/PartTest.java", "local/target/classes/A.class"})
    void whatNoJarHoldsIsNotBuilt(String other) throws IOException {
        built();
        write("pom.xml", "first");
        run("build");
        write(other, "second");
        assertThat(run("build")).doesNotContain("Building");
    }

    /** What a build leaves behind, and the directories that it reads. */
    private void built() throws IOException {
        for (String file : List.of("dist/manifest.json", "local/target/classpath", ".mvn/jvm.config", "lambdas/core/pom.xml")) {
            write(file, "");
        }
    }

    private void write(String file, String text) throws IOException {
        Path path = machine.resolve("checkout").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    void missingGoIsNamedByLint() {
        assertThat(run("lint")).contains("Go is not on the path").contains("Go 1.23");
    }

    @Test
    void missingJdkIsNamed() throws IOException {
        jdk("17.0.15");
        assertThat(up()).contains("JDK 21").doesNotContain("Building");
    }

    @Test
    void missingMavenIsNamed() throws IOException {
        Files.delete(machine.resolve("bin/mvn"));
        assertThat(up()).contains("Maven (mvn) is not on the path").doesNotContain("Building");
    }

    @Test
    void oldMavenIsNamed() throws IOException {
        program("mvn", "echo 'Apache Maven 3.6.3 (abc)'");
        assertThat(up()).contains("Maven 3.6.3 is too old").doesNotContain("Building");
    }

    @Test
    void missingTerraformIsNamed() throws IOException {
        Files.delete(machine.resolve("bin/terraform"));
        assertThat(up()).contains("Terraform is not on the path").doesNotContain("Building");
    }

    @Test
    void oldTerraformIsNamed() throws IOException {
        program("terraform", "echo 'Terraform v1.9.8'");
        assertThat(up()).contains("Terraform 1.9.8 is too old").doesNotContain("Building");
    }

    @Test
    void missingPythonIsNamed() throws IOException {
        Files.delete(machine.resolve("bin/python3"));
        assertThat(up()).contains("Python (python3) is not on the path").doesNotContain("Building");
    }

    @Test
    void pythonWithoutVirtualEnvironmentsIsNamed() throws IOException {
        program("python3", "case \"$2\" in *platform*) echo 3.11.7;; *venv*) exit 1;; esac");
        assertThat(up()).contains("python3-venv").doesNotContain("Building");
    }

    @Test
    void otherPlatformsAreRefusedByName() throws IOException {
        Files.delete(machine.resolve("bin/uname"));
        program("uname", "case \"$1\" in -s) echo Darwin;; *) echo arm64;; esac");
        assertThat(up()).contains("macOS is not supported").doesNotContain("Building");
    }

    @Test
    void pathThatMariaDbCannotTakeIsRefused() throws IOException {
        Path checkout = Files.move(machine.resolve("checkout"), machine.resolve("my checkout"));
        assertThat(shell(checkout, "up")).contains("holds a space", checkout.toString()).doesNotContain("Building");
    }

    @Test
    void missingBrowserIsNamedBeforeTheTests() {
        assertThat(run("test")).contains("Install Chromium");
    }

    @Test
    void terraformIsAskedForItsVersionWithoutCallingHome() throws IOException {
        program("terraform", "[ -z \"$CHECKPOINT_DISABLE\" ] || echo 'Terraform v1.11.4'");
        assertThat(up()).contains("Building the function jars");
    }

    @Test
    void compilersMessageIsShownOnceAndPlain() throws IOException {
        program("mvn", """
                [ "$1" = --version ] && { echo 'Apache Maven 3.9.9 (abc)'; exit; }
                printf '\\033[0m[ERROR] Users.java:[3,1] not a statement\\n[ERROR] \\n[ERROR] Users.java:[3,1] not a statement\\n[ERROR] -> [Help 1]\\n'
                exit 1""");
        assertThat(up().lines().toList()).endsWith("[ERROR] Users.java:[3,1] not a statement",
                "webapp: the build failed: see Maven's message above.");
    }

    @Test
    void stackThatRunsIsStoppedAlthoughItsClassesWereCleanedAway() throws IOException {
        assertThat(run("down")).isEmpty();
        Files.writeString(Files.createDirectory(machine.resolve("checkout/.local")).resolve("stack.json"), "{}");
        assertThat(run("down")).contains("Building the function jars");
    }

    @Test
    void stateIsTheDevelopersAlone() throws IOException {
        Path state = Files.createDirectory(machine.resolve("checkout/.local"));
        up();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state))).isEqualTo("rwx------");
    }

    @Test
    void machineCalledNameIsNoNameOfALog() {
        // WSL exports NAME, the machine's name, into every shell.
        Command shell = new Command(CHECKOUT, Map.of("NAME", "DESKTOP-1"));
        assertThat(shell.tryRun("make", "-n", "logs")).contains("webapp logs").doesNotContain("DESKTOP");
        assertThat(shell.tryRun("make", "-n", "logs", "NAME=a b")).contains("webapp logs 'a b'");
    }

    private String up() {
        return run("up");
    }

    private String run(String command) {
        return shell(machine.resolve("checkout"), command);
    }

    private String shell(Path checkout, String command) {
        return new Command(machine, Map.of("PATH", machine.resolve("bin").toString(), "HOME", machine.toString(), "JAVA_HOME", "", "CHROMIUM", ""))
                .tryRun(machine.resolve("bin/bash").toString(), checkout.resolve("local/webapp").toString(), command);
    }

    private void jdk(String version) throws IOException {
        Files.writeString(machine.resolve("jvm/jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
        program(machine.resolve("jvm/jdk/bin/javac"), "echo javac " + version);
    }

    private void program(String name, String script) throws IOException {
        program(machine.resolve("bin").resolve(name), script);
    }

    private static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
