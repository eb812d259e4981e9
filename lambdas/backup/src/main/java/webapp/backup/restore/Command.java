package webapp.backup.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One command of the AWS CLI, as a person pastes it into a shell. */
final class Command {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.,:/@=+-]+");

    private final List<String> lines = new ArrayList<>();

    private Command(String start) {
        lines.add(start);
    }

    static Command rds(String operation, String region) {
        return new Command("aws rds " + operation + " --region " + quoted(region));
    }

    /** Left out if the value is null or empty. */
    Command with(String option, String value) {
        if (value != null && !value.isEmpty()) {
            lines.add("--" + option + " " + quoted(value));
        }
        return this;
    }

    Command with(String option, List<String> values) {
        if (!values.isEmpty()) {
            lines.add("--" + option + " " + String.join(" ", values.stream().map(Command::quoted).toList()));
        }
        return this;
    }

    /** Such as {@code --multi-az}, or {@code --no-multi-az}. */
    Command flag(String option, boolean on) {
        lines.add("--" + (on ? "" : "no-") + option);
        return this;
    }

    Command flag(String option) {
        lines.add("--" + option);
        return this;
    }

    @Override
    public String toString() {
        return String.join(" \\\n  ", lines);
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
