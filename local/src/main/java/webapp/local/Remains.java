package webapp.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import webapp.local.aws.LocalAws;

/** What of a stack can be kept when {@code make up} finds it as it is. */
enum Remains {
    /** It runs. */
    EVERYTHING,
    /** What was applied, and the rows: it only has to be started again. */
    STATE,
    /** The rows: local AWS no longer knows what Terraform's state says, so that all is applied anew. */
    ROWS;

    static Remains of(Path directory, Map<Part, Health> parts) throws IOException {
        boolean applying = Files.exists(LocalStack.applyingFile(directory));
        boolean localAwsRuns = parts.entrySet().stream()
                .anyMatch(part -> part.getKey().name().equals(Part.LOCAL_AWS) && part.getValue() == Health.UP);
        if (applying && !LocalStack.isPublished(directory)) {
            // A first apply was interrupted: what it was creating is there, but not in Terraform's state, and the next would run into it.
            return ROWS;
        }
        if (parts.values().stream().allMatch(health -> health == Health.UP)) {
            return EVERYTHING;
        }
        if (localAwsRuns) {
            return STATE; // it saves when it is told to stop
        }
        return !applying && LocalAws.savedAt(directory).isPresent() ? STATE : ROWS;
    }
}
