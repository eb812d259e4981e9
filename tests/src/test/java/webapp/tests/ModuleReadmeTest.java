package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents say of the code is generated from it. */
class ModuleReadmeTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));

    @TempDir
    private Path directory;

    @Test
    void generatedPartsAreUpToDate() {
        assertThat(new Documents(CHECKOUT).stale().keySet()).map(CHECKOUT::relativize).as("out of date: run make docs, and commit what it writes").isEmpty();
    }

    @Test
    void requiredInputsComeFirst() throws IOException {
        assertThat(section("""
                variable "a" {
                  description = "With \\"quotes\\" and a | b."
                  type        = string
                  default     = "x" # not told
                }
                variable "b" {
                  description = "No default."
                  type        = number
                }
                """)).contains("""
                | `b` | No default. | `number` | required |
                | `a` | With "quotes" and a \\| b. | `string` | `"x"` |
                """.strip());
    }

    @Test
    void longDescriptionsAndTypesFitIntoACell() throws IOException {
        assertThat(section("""
                variable "a" {
                  description = <<-EOT
                    First.
                      - `b`: second.
                  EOT
                  type = map(object({
                    b = optional(string, "<*>")
                  }))
                  default = {}
                }
                """)).contains("| `a` | First.<br/>  - `b`: second. | <pre>map(object({<br/>  b = optional(string, \"&lt;&#42;&gt;\")<br/>}))</pre> | `{}` |");
    }

    @Test
    void outputsResourcesAndNeedsAreListed() throws IOException {
        assertThat(section("""
                terraform {
                  required_version = ">= 1.11"
                  required_providers {
                    aws = {
                      source                = "hashicorp/aws"
                      version               = ">= 5.100, < 7.0"
                      configuration_aliases = [aws.us_east_1]
                    }
                  }
                }
                data "aws_region" "current" {}
                resource "aws_vpc" "this" {}
                module "function" { source = "../function" }
                output "id" {
                  description = "Its id."
                  value       = aws_vpc.this.id
                }
                """)).isEqualTo("""
                ## Requirements

                | Name | Version |
                |---|---|
                | terraform | `>= 1.11` |
                | hashicorp/aws | `>= 5.100, < 7.0`, also as `aws.us_east_1` |

                ## Inputs

                | Name | Description | Type | Default |
                |---|---|---|---|

                ## Outputs

                | Name | Description |
                |---|---|
                | `id` | Its id. |

                ## Resources

                | Name | Kind |
                |---|---|
                | `module.function` | module `../function` |
                | `aws_vpc.this` | resource |
                | `aws_region.current` | data source |""");
    }

    @Test
    void staleFileKeepsWhatIsOutsideTheMarkers() throws IOException {
        write("variables.tf", "");
        write("docs/inputs.md", "before\n<!-- BEGIN_TF_DOCS -->\nold\n<!-- END_TF_DOCS -->\nafter\n");
        write("README.md", "<!-- BEGIN_OPTIONS -->\n<!-- END_OPTIONS -->\n");
        Files.createDirectory(directory.resolve("modules"));
        assertThat(new Documents(directory).stale().get(directory.resolve("docs/inputs.md")))
                .startsWith("before\n<!-- BEGIN_TF_DOCS -->\n## Requirements\n").endsWith("\n<!-- END_TF_DOCS -->\nafter\n").doesNotContain("old");
        Documents.main(directory.toString());
        assertThat(new Documents(directory).stale()).isEmpty();
    }

    @Test
    void readmeWithoutMarkersIsNamed() throws IOException {
        write("modules/a/README.md", "# a\n");
        assertThatThrownBy(() -> new Documents(directory).stale()).hasMessageContaining("modules/a/README.md needs a line <!-- BEGIN_TF_DOCS -->");
    }

    private String section(String module) throws IOException {
        write("main.tf", module);
        return ModuleReadme.section(directory);
    }

    private void write(String file, String content) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }
}
