package webapp.backup.restore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The words of the command line: {@code --name value}, each at most once. */
final class Options {
    static final String USAGE = """
            Prints the commands that restore a snapshot; it changes nothing.

              java -cp dist/backup.jar webapp.backup.restore.RestoreSteps --region REGION --snapshot ID --identifier NEW [...]

              --region             where the snapshot is
              --snapshot           its identifier, of an instance or a cluster
              --identifier         of the instance or cluster to make
              --to-region          restore there, from a copy; needs --kms-key
              --kms-key            in --to-region, for the copy
              --subnet-group       \\
              --security-groups     | for what the original tells if it still exists in the region,
              --parameter-group     | and otherwise has to be given (class, subnet and security
              --option-group        | groups), or is RDS's default (the other groups)
              --class              /
              --cluster-parameter-group   of a cluster
            """;

    private static final List<String> NAMES = List.of("region", "snapshot", "identifier", "to-region", "kms-key", "subnet-group", "security-groups",
            "parameter-group", "cluster-parameter-group", "option-group", "class");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z](-?[A-Za-z0-9])*");
    private static final int LONGEST_IDENTIFIER = 63;

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** @throws IllegalArgumentException with what to write instead */
    static Options parse(String... words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < words.length; i += 2) {
            String name = words[i].startsWith("--") ? words[i].substring(2) : "";
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException(words[i] + " is unknown");
            }
            if (i + 1 == words.length || words[i + 1].isBlank()) {
                throw new IllegalArgumentException(words[i] + " needs a value");
            }
            if (values.put(name, words[i + 1]) != null) {
                throw new IllegalArgumentException(words[i] + " is given twice");
            }
        }
        Options options = new Options(values);
        List.of("region", "snapshot", "identifier").forEach(options::require);
        String identifier = options.get("identifier");
        if (!IDENTIFIER.matcher(identifier).matches() || identifier.length() > LONGEST_IDENTIFIER) {
            throw new IllegalArgumentException("--identifier is '" + identifier
                    + "': write a letter, then letters, digits and single hyphens, at most " + LONGEST_IDENTIFIER);
        }
        if (options.get("to-region") != null) {
            options.require("kms-key");
        }
        return options;
    }

    /** @return null if it was not given */
    String get(String name) {
        return values.get(name);
    }

    private void require(String name) {
        if (get(name) == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
    }

    /** @return empty if they were not given */
    List<String> securityGroups() {
        List<String> groups = new ArrayList<>();
        if (get("security-groups") != null) {
            for (String group : get("security-groups").split(",")) {
                groups.add(group.strip());
            }
        }
        return groups;
    }
}
