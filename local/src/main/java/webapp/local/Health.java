package webapp.local;

import java.io.IOException;
import java.net.URI;
import webapp.local.aws.LocalAws;
import webapp.local.database.MariaDb;
import webapp.local.host.FunctionHost;

/** Whether a part of the stack does its work. */
enum Health {
    UP("up", ""),
    ENDED("DOWN", "its process has ended"),
    SILENT("SILENT", "its process runs, but does not answer");

    private final String word;
    private final String reason;

    Health(String word, String reason) {
        this.word = word;
        this.reason = reason;
    }

    static Health of(Part part, StackRecord stack) {
        if (part.process().isEmpty()) {
            return ENDED;
        }
        boolean answers = switch (part.name()) {
            case Part.SERVER -> stack.functionHost().map(Health::answers).orElse(true);
            case Part.LOCAL_AWS -> LocalAws.answers(URI.create(stack.localAws()));
            case Part.MARIADB -> MariaDb.answers(URI.create("//" + part.url()).getPort());
            default -> true;
        };
        return answers ? UP : SILENT;
    }

    private static boolean answers(URI functionHost) {
        try {
            FunctionHost.list(functionHost);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What {@code make status} shows. */
    String word() {
        return word;
    }

    /** What is wrong; empty when nothing is. */
    String reason() {
        return reason;
    }
}
