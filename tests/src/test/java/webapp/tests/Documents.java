package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** The parts of the repository's documents that are generated, each between two markers. {@code make docs} writes them. */
final class Documents {
    private final Path checkout;

    Documents(Path checkout) {
        this.checkout = checkout;
    }

    /** Writes every part anew in the checkout given, and prints the files that changed. */
    public static void main(String... arguments) {
        Path checkout = Path.of(arguments[0]);
        new Documents(checkout).stale().forEach((file, content) -> {
            try {
                Files.writeString(file, content);
            } catch (IOException e) {
                throw new UncheckedIOException("could not write " + file, e);
            }
            System.out.println("Wrote " + checkout.relativize(file) + ".");
        });
    }

    /** Each file with a part that is out of date => what should be in it. */
    Map<Path, String> stale() {
        Map<Path, String> stale = new LinkedHashMap<>();
        for (Path module : modules()) {
            part(stale, module.resolve("README.md"), "TF_DOCS", ModuleReadme.section(module));
        }
        part(stale, checkout.resolve("docs/inputs.md"), "TF_DOCS", ModuleReadme.section(checkout));
        part(stale, checkout.resolve("README.md"), "OPTIONS", options());
        return stale;
    }

    List<Path> modules() {
        try (Stream<Path> directories = Files.list(checkout.resolve("modules"))) {
            return directories.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("could not list the modules of " + checkout, e);
        }
    }

    /** The root first, then each module. */
    List<Options> allOptions() {
        List<Options> all = new ArrayList<>(List.of(Options.of("root", checkout)));
        modules().forEach(module -> all.add(Options.of(module.getFileName().toString(), module)));
        return all;
    }

    private String options() {
        List<String> lines = new ArrayList<>(List.of(
                "| | options | conditions that refuse | runs that see one refuse | runs that see an effect |", "|---|---|---|---|---|"));
        List<Options> all = allOptions();
        all.forEach(options -> lines.add(row(options.module(), options.options(), options.conditions(), options.refusals(), options.effects())));
        lines.add(row("**together**", sum(all, Options::options), sum(all, Options::conditions), sum(all, Options::refusals), sum(all, Options::effects)));
        // Counted at the head of ten of its repositories in November 2026, examples excluded; its options were not counted.
        lines.add(row("terraform-aws-modules", "", 0, 0, 0));
        return String.join("\n", lines);
    }

    private static int sum(List<Options> all, ToIntFunction<Options> count) {
        return all.stream().mapToInt(count).sum();
    }

    private static String row(String name, Object... counts) {
        StringBuilder row = new StringBuilder("| ").append(name).append(" |");
        for (Object count : counts) {
            row.append(' ').append(count).append(" |");
        }
        return row.toString();
    }

    private static void part(Map<Path, String> stale, Path file, String marker, String content) {
        String begin = "<!-- BEGIN_" + marker + " -->";
        String end = "<!-- END_" + marker + " -->";
        try {
            String before = Files.readString(file);
            int from = before.indexOf(begin);
            int to = before.indexOf(end);
            if (from < 0 || to < from) {
                throw new IllegalStateException(file + " needs a line " + begin + " and after it a line " + end + "; what is between them is generated");
            }
            String after = before.substring(0, from) + begin + "\n" + content + "\n" + before.substring(to);
            if (!after.equals(before)) {
                stale.put(file, after);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + file, e);
        }
    }
}
