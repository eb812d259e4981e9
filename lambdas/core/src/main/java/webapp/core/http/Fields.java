package webapp.core.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;

/**
 * The members of a JSON object in a request. Each is taken by name, what is wrong is collected, and {@link #check} refuses the
 * request with all of it: a person who corrects a form wants every error at once.
 */
public final class Fields {
    private final Map<String, Object> members;
    private final Set<String> known = new HashSet<>();
    private final List<FieldError> errors = new ArrayList<>();

    Fields(Map<String, Object> members) {
        this.members = members;
    }

    /** @return a required text of Unicode scalar values, or null once an error is collected for it */
    public String text(String name) {
        if (!members.containsKey(name)) {
            reject(name, "is required");
            return null;
        }
        return optionalText(name);
    }

    /** @return a text of Unicode scalar values, or null if it is absent or once an error is collected for it */
    public String optionalText(String name) {
        known.add(name);
        if (!members.containsKey(name)) {
            return null;
        }
        Object value = members.get(name);
        if (!(value instanceof String text)) {
            reject(name, "must be a string");
            return null;
        }
        if (hasHalfSurrogatePair(text)) {
            reject(name, "must not contain half a surrogate pair");
            return null;
        }
        return text;
    }

    /** Half of a pair has no UTF-8 form: a database would store another character, and an answer that repeats it is no JSON. */
    static boolean hasHalfSurrogatePair(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
                return true;
            }
        }
        return false;
    }

    /** Collects an error; {@code detail} continues the field's name. */
    public void reject(String name, String detail) {
        errors.add(new FieldError(FieldError.step(name), detail));
    }

    /** @throws ProblemException 400 with every error collected, members nobody asked for included */
    public void check() {
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                reject(name, "is not known");
            }
        }
        if (!errors.isEmpty()) {
            throw ProblemException.invalidRequest(errors);
        }
    }
}
