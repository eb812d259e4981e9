package webapp.core.problem;

/**
 * What is wrong with one field of the request body.
 *
 * @param pointer JSON Pointer (RFC 6901) into the body; empty for the body itself
 * @param detail continues the field's name: "is required"
 */
public record FieldError(String pointer, String detail) {
    /** @return the pointer's next step, escaped as RFC 6901 asks */
    public static String step(String field) {
        return "/" + field.replace("~", "~0").replace("/", "~1");
    }
}
