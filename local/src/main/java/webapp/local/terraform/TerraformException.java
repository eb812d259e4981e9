package webapp.local.terraform;

/** A Terraform command that failed, with the errors it printed. */
public final class TerraformException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String errors;

    TerraformException(String message, String errors) {
        super(errors.isBlank() ? message : message + ":\n" + errors.strip());
        this.errors = errors;
    }

    /** What Terraform printed from its first error on; may be empty, never null. */
    public String errors() {
        return errors;
    }
}
