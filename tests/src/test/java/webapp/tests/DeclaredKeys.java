package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what Terraform drops without a word: a key of an object that the declared type of its variable does not have, in a tfvars file, in
 * the call of a module, in a default, or in the type of a variable that is passed on whole; an option that nothing reads; and what
 * holds for all resources, but is not passed on to a module that has it.
 */
final class DeclaredKeys {
    /** Variables that say something of every resource. */
    private static final List<String> OF_ALL = List.of("tags", "permissions_boundary", "iam_path");

    private final List<String> faults = new ArrayList<>();

    private DeclaredKeys() {}

    /** One sentence a fault, over the configurations in these directories; empty when there is none. */
    static List<String> faults(List<Path> configurations) {
        DeclaredKeys check = new DeclaredKeys();
        configurations.forEach(check::configuration);
        return check.faults;
    }

    private void configuration(Path directory) {
        Map<String, Hcl.Value> types = types(directory);
        StringBuilder text = new StringBuilder();
        for (Path file : files(directory, ".tf")) {
            String at = directory.getFileName() + "/" + file.getFileName();
            Hcl.Block content = Hcl.parse(file);
            for (Hcl.Block block : content.blocks()) {
                if (block.type().equals("variable")) {
                    defaults(at + ": var." + block.label(), types.get(block.label()));
                    fits(at + ": default of var." + block.label(), block.attributes().get("default"), types.get(block.label()), types);
                } else if (block.type().equals("module") && block.attributes().get("source") instanceof Hcl.Text source && source.value().startsWith(".")) {
                    call(at + ": module." + block.label(), directory.resolve(source.value()), block, types);
                }
            }
            text.append(read(file));
        }
        types.forEach((name, type) -> options(directory.getFileName() + ": var." + name, name, type, text.toString()));
        for (Path file : files(directory, ".tfvars")) {
            Hcl.parse(file).attributes().forEach((name, value) -> {
                String at = directory.getFileName() + "/" + file.getFileName() + ": " + name;
                if (!types.containsKey(name)) {
                    faults.add(at + " is no variable.");
                }
                fits(at, value, types.get(name), Map.of());
            });
        }
    }

    private void call(String at, Path module, Hcl.Block call, Map<String, Hcl.Value> callerTypes) {
        Map<String, Hcl.Value> types = types(module);
        call.attributes().forEach((name, value) -> fits(at + "." + name, value, types.get(name), callerTypes));
        OF_ALL.stream().filter(types::containsKey).filter(callerTypes::containsKey).filter(name -> !call.attributes().containsKey(name))
                .forEach(name -> faults.add(at + "." + name + " is not given, although the caller has var." + name + "."));
    }

    /** A value written for a type; whether a scalar converts is Terraform's to say. */
    private void fits(String at, Hcl.Value value, Hcl.Value declared, Map<String, Hcl.Value> variables) {
        Hcl.Value type = required(declared);
        switch (value) {
            case Hcl.Parts parts -> parts.values().forEach(part -> fits(at, part, type, variables));
            case Hcl.Call call when call.function().equals("merge") -> call.arguments().forEach(part -> fits(at, part, type, variables));
            case Hcl.Literal literal -> literal.keys().forEach((key, inner) -> fits(at + "." + key, inner, member(at, key, type), variables));
            case Hcl.Items items -> items.values().forEach(item -> fits(at, item, element(type), variables));
            case Hcl.Reference reference -> passes(at, passed(reference, variables), type);
            case null, default -> { }
        }
    }

    /** A type passed on whole to another type. */
    private void passes(String at, Hcl.Value from, Hcl.Value to) {
        Hcl.Value source = required(from);
        Hcl.Value target = required(to);
        if (attributes(source) != null && attributes(target) != null) {
            attributes(source).forEach((key, inner) -> passes(at + "." + key, inner, member(at, key, target)));
        } else if (element(source) != null && element(target) != null) {
            passes(at, element(source), element(target));
        }
    }

    private void defaults(String at, Hcl.Value type) {
        if (!(type instanceof Hcl.Call call)) {
            return;
        }
        if (call.function().equals("optional") && call.arguments().size() == 2) {
            fits(at + " (its default)", call.arguments().get(1), call.arguments().getFirst(), Map.of());
        }
        call.arguments().stream().limit(1).forEach(inner -> {
            if (inner instanceof Hcl.Literal literal) {
                literal.keys().forEach((key, member) -> defaults(at + "." + key, member));
            } else {
                defaults(at, inner);
            }
        });
    }

    private void options(String at, String name, Hcl.Value type, String text) {
        Map<String, Hcl.Value> attributes = attributes(required(type));
        // Whole, anywhere but in a comparison, is all of them.
        if (attributes == null || Pattern.compile("\\bvar\\." + name + "\\b(?!\\.|\\s*[=!]=)").matcher(text).find()) {
            return;
        }
        attributes.keySet().stream().filter(key -> !Pattern.compile("\\bvar\\." + name + "\\." + key + "\\b").matcher(text).find())
                .forEach(key -> faults.add(at + "." + key + " is read by nothing."));
    }

    private Hcl.Value member(String at, String key, Hcl.Value type) {
        Map<String, Hcl.Value> attributes = attributes(type);
        if (attributes == null) {
            return element(type);
        }
        if (!attributes.containsKey(key)) {
            faults.add(at + "." + key + " is not in the declared type, which has: " + String.join(", ", attributes.keySet()) + ".");
        }
        return attributes.get(key);
    }

    private static Hcl.Value passed(Hcl.Reference reference, Map<String, Hcl.Value> variables) {
        String[] steps = reference.name().split("\\.");
        Hcl.Value type = steps.length > 1 && steps[0].equals("var") ? variables.get(steps[1]) : null;
        for (int step = 2; step < steps.length && type != null; step++) {
            Map<String, Hcl.Value> attributes = attributes(required(type));
            type = attributes == null ? null : attributes.get(steps[step]);
        }
        return type;
    }

    /** The type in {@code optional(type, default)}; any other type as it is. */
    static Hcl.Value required(Hcl.Value type) {
        return type instanceof Hcl.Call call && call.function().equals("optional") ? required(call.arguments().getFirst()) : type;
    }

    /** The attributes of an object type; null for any other type. */
    static Map<String, Hcl.Value> attributes(Hcl.Value type) {
        return type instanceof Hcl.Call call && call.function().equals("object") && call.arguments().getFirst() instanceof Hcl.Literal members
                ? members.keys() : null;
    }

    /** The type of the elements of a map, list or set; null for any other type. */
    static Hcl.Value element(Hcl.Value type) {
        return type instanceof Hcl.Call call && List.of("map", "list", "set").contains(call.function()) ? required(call.arguments().getFirst()) : null;
    }

    private static Map<String, Hcl.Value> types(Path directory) {
        Map<String, Hcl.Value> types = new LinkedHashMap<>();
        for (Path file : files(directory, ".tf")) {
            Hcl.parse(file).blocks().stream().filter(block -> block.type().equals("variable"))
                    .forEach(block -> types.put(block.label(), block.attributes().get("type")));
        }
        return types;
    }

    static List<Path> files(Path directory, String ending) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("could not list " + directory, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file, e);
        }
    }
}
