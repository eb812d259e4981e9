package webapp.tests;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * What can be set in a module (its variables, and each attribute of those that are objects), and what {@code terraform test} proves of it: that
 * it has an effect (a run sets it and asserts something; or the module passes it on, under the same name, to a module where a run does,
 * because runs see nothing of a called module but its outputs) and that a wrong value is refused (a run expects the failure).
 */
final class Options {
    private final String module;
    private final Set<String> options = new LinkedHashSet<>();
    private final Map<String, Integer> conditions = new LinkedHashMap<>();
    private final Set<String> effective = new LinkedHashSet<>();
    private final List<String> refusals = new ArrayList<>();
    private int effects;

    private Options(String module) {
        this.module = module;
    }

    /** Reads the module in this directory and the runs in its folder {@code tests}. */
    static Options of(String name, Path directory) {
        Options result = new Options(name);
        Map<String, Hcl.Value> types = new LinkedHashMap<>();
        List<Hcl.Block> calls = new ArrayList<>();
        for (Path file : DeclaredKeys.files(directory, ".tf")) {
            for (Hcl.Block block : Hcl.parse(file).blocks()) {
                if (block.type().equals("variable")) {
                    types.put(block.label(), block.attributes().get("type"));
                    result.declared("var." + block.label(), block.attributes().get("type"));
                } else if (block.type().equals("module")) {
                    calls.add(block);
                }
                result.conditions(block);
            }
        }
        Path tests = directory.resolve("tests");
        if (Files.isDirectory(tests)) {
            DeclaredKeys.files(tests, ".tftest.hcl").forEach(file -> result.runs(Hcl.parse(file), types));
        }
        for (Hcl.Block call : calls) {
            if (call.attributes().get("source") instanceof Hcl.Text source && source.value().startsWith(".")) {
                Options called = of(call.label(), directory.resolve(source.value()));
                String each = firstReference(call.attributes().get("for_each"));
                call.attributes().forEach((argument, value) -> result.passed("var." + argument, value, each, called));
            }
        }
        return result;
    }

    String module() {
        return module;
    }

    int options() {
        return options.size();
    }

    /** Validations, preconditions, postconditions and checks. */
    int conditions() {
        return conditions.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Runs that expect a failure. */
    int refusals() {
        return refusals.size();
    }

    /** Runs that assert something and expect no failure. */
    int effects() {
        return effects;
    }

    /** What no run proves, one sentence each by what it is about, such as {@code network: var.vpc.id}. */
    Map<String, String> gaps() {
        Map<String, String> gaps = new LinkedHashMap<>();
        options.stream().filter(option -> !effective.contains(option))
                .forEach(option -> gaps.put(module + ": " + option, "is neither set by a run that asserts something nor passed on, under its name, to a module where one does"));
        conditions.forEach((address, count) -> {
            // An instance's key may follow, but no attribute.
            Pattern named = Pattern.compile("(?<![\\w.])" + Pattern.quote(address) + "(?![\\w.])");
            long runs = refusals.stream().filter(expected -> named.matcher(expected).find()).count();
            if (runs < count) {
                gaps.put(module + ": " + address + " refused", "has conditions that no run sees refuse: " + count + " conditions, " + runs + " runs expect the failure");
            }
        });
        return gaps;
    }

    private void declared(String path, Hcl.Value type) {
        options.add(path);
        members(type).forEach((key, member) -> declared(path + "." + key, member));
    }

    private void conditions(Hcl.Block block) {
        String address = switch (block.type()) {
            case "variable" -> "var." + block.label();
            case "resource" -> String.join(".", block.labels());
            case "data", "output", "check" -> block.type() + "." + String.join(".", block.labels());
            default -> null;
        };
        long count = block.blocks("validation").size() + block.blocks("precondition").size() + (block.type().equals("check") ? block.blocks("assert").size() : 0);
        for (Hcl.Block lifecycle : block.blocks("lifecycle")) {
            count += lifecycle.blocks("precondition").size() + lifecycle.blocks("postcondition").size();
        }
        if (address != null && count > 0) {
            conditions.put(address, (int) count);
        }
    }

    private void runs(Hcl.Block file, Map<String, Hcl.Value> types) {
        for (Hcl.Block run : file.blocks("run")) {
            if (run.attributes().containsKey("expect_failures")) {
                refusals.add(run.written().get("expect_failures"));
            } else if (!run.blocks("assert").isEmpty()) {
                effects++;
                BiConsumer<String, Hcl.Value> set = (name, value) -> set("var." + name, value, types.get(name));
                file.blocks("variables").forEach(variables -> variables.attributes().forEach(set));
                run.blocks("variables").forEach(variables -> variables.attributes().forEach(set));
            }
        }
    }

    /** A value given to an option, and what is in it to the options in that. */
    private void set(String path, Hcl.Value value, Hcl.Value type) {
        effective.add(path);
        switch (value) {
            case Hcl.Parts parts -> parts.values().forEach(part -> set(path, part, type));
            case Hcl.Call call -> call.arguments().forEach(argument -> set(path, argument, type));
            case Hcl.Items items -> items.values().forEach(item -> set(path, item, DeclaredKeys.element(DeclaredKeys.required(type))));
            case Hcl.Literal literal -> {
                Map<String, Hcl.Value> attributes = DeclaredKeys.attributes(DeclaredKeys.required(type));
                Hcl.Value element = DeclaredKeys.element(DeclaredKeys.required(type));
                literal.keys().forEach((key, inner) -> {
                    if (attributes != null && attributes.containsKey(key)) {
                        set(path + "." + key, inner, attributes.get(key));
                    } else if (element != null) {
                        set(path, inner, element);
                    }
                });
            }
            default -> { }
        }
    }

    /** An expression that becomes the value of an option of the called module: what in it is an option of this one is proved where that is. */
    private void passed(String argument, Hcl.Value value, String each, Options called) {
        switch (value) {
            case Hcl.Reference reference -> {
                String option = reference.name().startsWith("each.value.") ? each + reference.name().substring("each.value".length()) : reference.name();
                if (lastStep(option).equals(lastStep(argument))) {
                    options.stream().filter(inner -> inner.equals(option) || inner.startsWith(option + "."))
                            .filter(inner -> called.effective.contains(argument + inner.substring(option.length()))).forEach(effective::add);
                }
            }
            case Hcl.Parts parts -> parts.values().forEach(part -> passed(argument, part, each, called));
            case Hcl.Call call when List.of("merge", "coalesce").contains(call.function()) ->
                    call.arguments().forEach(part -> passed(argument, part, each, called));
            case Hcl.Literal literal -> literal.keys().forEach((key, inner) -> passed(argument + "." + key, inner, each, called));
            default -> { }
        }
    }

    private static String lastStep(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The variable that {@code for_each} goes through; null when there is none. */
    private static String firstReference(Hcl.Value forEach) {
        return switch (forEach) {
            case Hcl.Reference reference -> reference.name();
            case Hcl.Parts parts -> parts.values().stream().map(Options::firstReference).filter(Objects::nonNull).findFirst().orElse(null);
            case null, default -> null;
        };
    }

    /** The attributes of an object, or of the objects in a collection. */
    private static Map<String, Hcl.Value> members(Hcl.Value declared) {
        Hcl.Value type = DeclaredKeys.required(declared);
        Map<String, Hcl.Value> attributes = DeclaredKeys.attributes(type);
        Hcl.Value element = DeclaredKeys.element(type);
        return attributes != null ? attributes : element != null ? members(element) : Map.of();
    }
}
