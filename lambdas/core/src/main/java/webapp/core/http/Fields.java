package webapp.core.http;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;

/**
 * The members of a JSON object in a request. Each is taken by name, what is wrong is collected, and {@link #check} refuses the
 * request with all of it: a person who corrects a form wants every error at once. An object in it is such members of their own, whose
 * errors are collected with the others.
 */
public final class Fields {
    private final Map<String, Object> members;
    private final String pointer;
    private final Set<String> known = new HashSet<>();
    private final List<FieldError> errors;
    private final List<Fields> inner = new ArrayList<>();

    Fields(Map<String, Object> members) {
        this(members, "", new ArrayList<>());
    }

    private Fields(Map<String, Object> members, String pointer, List<FieldError> errors) {
        this.members = members;
        this.pointer = pointer;
        this.errors = errors;
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

    /** @return a required whole number, or 0 once an error is collected for it */
    public int integer(String name, int least, int most) {
        known.add(name);
        if (!members.containsKey(name)) {
            reject(name, "is required");
            return 0;
        }
        // The range first: a number of a few digits may have a fraction or a value of a billion.
        if (members.get(name) instanceof BigDecimal number
                && number.compareTo(BigDecimal.valueOf(least)) >= 0
                && number.compareTo(BigDecimal.valueOf(most)) <= 0
                && number.compareTo(BigDecimal.valueOf(number.intValue())) == 0) {
            return number.intValue();
        }
        reject(name, "must be a whole number from " + least + " to " + most);
        return 0;
    }

    /** @return the objects of a required array, in its order; empty once an error is collected for it or for one of its elements */
    public List<Fields> objects(String name, int least, int most) {
        known.add(name);
        if (!members.containsKey(name)) {
            reject(name, "is required");
            return List.of();
        }
        if (!(members.get(name) instanceof List<?> elements)) {
            reject(name, "must be an array");
            return List.of();
        }
        if (elements.size() < least || elements.size() > most) {
            reject(name, "must have " + least + " to " + most + " elements");
            return List.of();
        }
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            String element = pointer + FieldError.step(name) + "/" + i;
            if (elements.get(i) instanceof Map<?, ?> object) {
                // The keys of a JSON object are texts.
                @SuppressWarnings("unchecked")
                Map<String, Object> texts = (Map<String, Object>) object;
                objects.add(new Fields(texts, element, errors));
            } else {
                errors.add(new FieldError(element, "must be an object"));
            }
        }
        if (objects.size() < elements.size()) {
            return List.of();
        }
        inner.addAll(objects);
        return objects;
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
        errors.add(new FieldError(pointer + FieldError.step(name), detail));
    }

    /** @throws ProblemException 400 with every error collected, members nobody asked for included */
    public void check() {
        rejectUnknown();
        if (!errors.isEmpty()) {
            throw ProblemException.invalidRequest(errors);
        }
    }

    private void rejectUnknown() {
        for (String name : members.keySet()) {
            if (!known.contains(name)) {
                reject(name, "is not known");
            }
        }
        for (Fields fields : inner) {
            fields.rejectUnknown();
        }
    }
}
