package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every option of the root and of each module has an effect that a run asserts, and every refusal a run that sees it. */
class OptionsTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    /** What no run can prove => why. An entry that is not needed fails the test, as does a gap without an entry. */
    private static final Map<String, String> EXCEPTIONS = Map.of();

    @TempDir
    private Path module;

    @Test
    void everyOptionIsProved() {
        Map<String, String> gaps = new LinkedHashMap<>();
        new Documents(CHECKOUT).allOptions().forEach(options -> gaps.putAll(options.gaps()));
        assertThat(EXCEPTIONS.keySet()).as("exceptions that are not needed").isSubsetOf(gaps.keySet());
        EXCEPTIONS.keySet().forEach(gaps::remove);
        assertThat(gaps.entrySet()).map(gap -> gap.getKey() + " " + gap.getValue()).isEmpty();
    }

    @Test
    void optionAndEachOfItsAttributesCount() throws IOException {
        assertThat(gaps("""
                variable "a" {
                  type = map(object({
                    b = optional(object({ c = string, d = string }), {})
                  }))
                }
                """, """
                run "sets" {
                  variables {
                    a = { key = { b = { c = "x" } } }
                  }
                  assert { condition = true }
                }
                """)).containsExactly("m: var.a.b.d");
    }

    @Test
    void variablesOfTheFileAreThoseOfEachRun() throws IOException {
        assertThat(gaps("variable \"a\" {}", """
                variables {
                  a = "x"
                }
                run "asserts" {
                  assert { condition = true }
                }
                """)).isEmpty();
    }

    @Test
    void runThatAssertsNothingProvesNoEffect() throws IOException {
        assertThat(gaps("variable \"a\" {}", """
                run "sets" {
                  variables {
                    a = "x"
                  }
                }
                """)).containsExactly("m: var.a");
    }

    @Test
    void runThatIsRefusedProvesNoEffect() throws IOException {
        assertThat(gaps("variable \"a\" {}", """
                run "refused" {
                  variables {
                    a = "x"
                  }
                  assert { condition = true }
                  expect_failures = [var.a]
                }
                """)).containsExactly("m: var.a");
    }

    @Test
    void optionPassedOnUnderItsNameIsProvedWhereItArrives() throws IOException {
        Path called = Files.createDirectories(module.resolve("called/tests"));
        Files.writeString(called.resolveSibling("main.tf"), """
                variable "x" {
                  type = object({ y = string, z = string })
                }
                variable "w" {}
                variable "v" {}
                """);
        Files.writeString(called.resolve("a.tftest.hcl"), """
                run "asserts" {
                  variables {
                    x = { y = "" }
                    w = ""
                  }
                  assert { condition = true }
                }
                """);
        assertThat(gaps("""
                variable "a" {
                  type = object({
                    x = object({ y = string, z = string })
                    v = string
                    u = string
                  })
                }
                variable "b" {
                  type = map(object({ w = string }))
                }
                module "called" {
                  source   = "./called"
                  for_each = var.b == null ? {} : var.b
                  x        = var.a == null ? null : merge(local.x, var.a.x)
                  v        = var.a.v
                  w        = each.value.w
                }
                module "renamed" {
                  source = "./called"
                  w      = var.a.u
                }
                """, "variables {\n  a = {}\n  b = {}\n}\nrun \"asserts\" {\n  assert { condition = true }\n}\n"))
                .containsExactly("m: var.a.x.z", "m: var.a.v", "m: var.a.u");
    }

    @Test
    void eachConditionNeedsARunThatIsRefused() throws IOException {
        String twoConditions = """
                variable "a" {
                  validation {}
                  validation {}
                }
                resource "aws_vpc" "this" {
                  lifecycle {
                    precondition {}
                  }
                }
                """;
        String asserting = """
                variables {
                  a = "x"
                }
                run "asserts" {
                  assert { condition = true }
                }
                """;
        assertThat(gaps(twoConditions, asserting + """
                run "one" {
                  expect_failures = [var.a]
                }
                run "another" {
                  expect_failures = [var.ab, var.a.b]
                }
                """)).containsExactly("m: var.a refused", "m: aws_vpc.this refused");
        assertThat(gaps(twoConditions, asserting + """
                run "one" {
                  expect_failures = [var.a, aws_vpc.this[0]]
                }
                run "two" {
                  expect_failures = [
                    var.a,
                  ]
                }
                """)).isEmpty();
    }

    @Test
    void conditionsOfDataOutputsAndChecksCountToo() throws IOException {
        assertThat(gaps("""
                data "aws_vpc" "a" {
                  lifecycle {
                    postcondition {}
                  }
                }
                output "b" {
                  precondition {}
                }
                check "c" {
                  assert {}
                }
                """, "")).containsExactly("m: data.aws_vpc.a refused", "m: output.b refused", "m: check.c refused");
    }

    private Iterable<String> gaps(String code, String tests) throws IOException {
        Files.writeString(module.resolve("main.tf"), code);
        Files.writeString(Files.createDirectories(module.resolve("tests")).resolve("a.tftest.hcl"), tests);
        return Options.of("m", module).gaps().keySet();
    }
}
