package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The table of {@code docs/network.md}: each function, whether it is in the VPC, and the AWS services it calls. */
final class NetworkDocument {
    private static final Path FILE = Path.of(System.getProperty("checkout.directory")).resolve("docs/network.md");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\| (yes|no) \\| ([^|]*) \\|", Pattern.MULTILINE);
    private static final Pattern SERVICE = Pattern.compile("`([a-z-]+)`");

    private NetworkDocument() {}

    /** Name of each function in the VPC => the services that the table says it calls. */
    static Map<String, Set<String>> calls(String prefix) {
        try {
            Map<String, Set<String>> calls = new TreeMap<>();
            ROW.matcher(Files.readString(FILE)).results().filter(row -> row.group(2).equals("yes")).forEach(row ->
                    calls.put(prefix + "-" + row.group(1), services(row)));
            return calls;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> services(MatchResult row) {
        Set<String> services = new TreeSet<>();
        SERVICE.matcher(row.group(3)).results().forEach(service -> services.add(service.group(1)));
        return services;
    }
}
