package webapp.tests;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part of a module's README that is told by its code: what it needs, its inputs and outputs, and what it makes and reads. */
final class ModuleReadme {
    private ModuleReadme() {}

    /** Markdown of the module in this directory. */
    static String section(Path module) {
        List<Hcl.Block> blocks = DeclaredKeys.files(module, ".tf").stream().flatMap(file -> Hcl.parse(file).blocks().stream()).toList();
        return Stream.of(requirements(blocks), inputs(blocks), outputs(blocks), resources(blocks))
                .map(lines -> String.join("\n", lines)).collect(Collectors.joining("\n\n"));
    }

    private static List<String> requirements(List<Hcl.Block> blocks) {
        List<String> lines = table("Requirements", "Name", "Version");
        for (Hcl.Block terraform : ofType(blocks, "terraform")) {
            lines.add(row("terraform", code(text(terraform.attributes().get("required_version")))));
            terraform.blocks("required_providers").forEach(providers -> providers.attributes().forEach((name, provider) -> {
                Hcl.Literal needed = (Hcl.Literal) provider;
                String aliases = needed.keys().get("configuration_aliases") instanceof Hcl.Items items
                        ? items.values().stream().map(alias -> ", also as " + code(((Hcl.Reference) alias).name())).collect(Collectors.joining()) : "";
                lines.add(row(text(needed.keys().get("source")), code(text(needed.keys().get("version"))) + aliases));
            }));
        }
        return lines;
    }

    /** The required ones first, the others in the order of their declaration. */
    private static List<String> inputs(List<Hcl.Block> blocks) {
        List<String> lines = table("Inputs", "Name", "Description", "Type", "Default");
        ofType(blocks, "variable").stream()
                .sorted(Comparator.comparing((Hcl.Block variable) -> variable.attributes().containsKey("default")))
                .forEach(variable -> lines.add(row(
                        code(variable.label()), description(variable), code(variable.written().get("type")),
                        variable.attributes().containsKey("default") ? code(variable.written().get("default")) : "required")));
        return lines;
    }

    private static List<String> outputs(List<Hcl.Block> blocks) {
        List<String> lines = table("Outputs", "Name", "Description");
        ofType(blocks, "output").forEach(output -> lines.add(row(code(output.label()), description(output))));
        return lines;
    }

    private static List<String> resources(List<Hcl.Block> blocks) {
        List<String> lines = table("Resources", "Name", "Kind");
        ofType(blocks, "module").forEach(module -> lines.add(row(code("module." + module.label()), "module " + code(text(module.attributes().get("source"))))));
        ofType(blocks, "resource").forEach(resource -> lines.add(row(code(String.join(".", resource.labels())), "resource")));
        ofType(blocks, "data").forEach(data -> lines.add(row(code(String.join(".", data.labels())), "data source")));
        return lines;
    }

    private static List<Hcl.Block> ofType(List<Hcl.Block> blocks, String type) {
        return blocks.stream().filter(block -> block.type().equals(type)).toList();
    }

    private static List<String> table(String title, String... columns) {
        return new ArrayList<>(List.of("## " + title, "", row(columns), "|" + "---|".repeat(columns.length)));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    private static String description(Hcl.Block block) {
        return text(block.attributes().get("description")).replace("|", "\\|").replace("\n", "<br/>");
    }

    /** Without what quoting adds. */
    private static String text(Hcl.Value value) {
        return switch (value) {
            case Hcl.Text text -> text.value().replace("\\\"", "\"").replace("\\\\", "\\").replace("$${", "${");
            case Hcl.Heredoc heredoc -> heredoc.value().replace("$${", "${");
            case null, default -> throw new IllegalStateException("expected a string, found " + value);
        };
    }

    /** An expression of one line as code, one of several lines as a block that fits into a table's cell. */
    private static String code(String written) {
        if (!written.contains("\n")) {
            return "`" + written.replace("|", "\\|") + "`";
        }
        // Its lines but the first are indented as in the block that they come from.
        return "<pre>" + written.replace("\n  ", "\n").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replace("|", "&#124;").replace("*", "&#42;").replace("\n", "<br/>") + "</pre>";
    }
}
