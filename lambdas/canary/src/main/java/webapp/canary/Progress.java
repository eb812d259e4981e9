package webapp.canary;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a candidate has come. It stands in the alias's description, so that one UpdateAlias changes it together with the weights, and
 * nothing else has to remember it.
 *
 * @param since when it came so far, in whole seconds
 * @param reason why it was rolled back, otherwise null
 */
record Progress(State state, String version, Instant since, String reason) {
    /** UpdateAlias takes no more. */
    private static final int DESCRIPTION_LENGTH = 256;

    private static final Pattern DESCRIPTION = Pattern.compile("canary: version ([0-9]+) ([a-z-]+) since ([0-9T:-]+Z)(?:, (.*))?", Pattern.DOTALL);

    enum State {
        /** Lambda still makes the candidate ready; nobody is sent to it. */
        WAITING("waiting"),
        /** The candidate has its weight. */
        BAKING("baking"),
        /** The candidate serves everybody. */
        SERVING("serving"),
        /** The candidate lost its weight, and is not started again. */
        ROLLED_BACK("rolled-back");

        private final String text;

        State(String text) {
            this.text = text;
        }
    }

    String description() {
        String description = "canary: version " + version + " " + state.text + " since " + since + (reason == null ? "" : ", " + reason);
        return description.substring(0, Math.min(description.length(), DESCRIPTION_LENGTH));
    }

    /** @return empty for a description that was written by somebody else */
    static Optional<Progress> of(String description) {
        Matcher matcher = DESCRIPTION.matcher(description == null ? "" : description);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Arrays.stream(State.values()).filter(state -> state.text.equals(matcher.group(2))).findFirst()
                .map(state -> new Progress(state, matcher.group(1), Instant.parse(matcher.group(3)), matcher.group(4)));
    }

    boolean is(State expected, String candidate) {
        return state == expected && version.equals(candidate);
    }
}
