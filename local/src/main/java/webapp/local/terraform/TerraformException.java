package webapp.local.terraform;

/** A Terraform command that failed, with the errors it printed. */
public final class TerraformException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String errors;

    TerraformException(String message, String errors) {
        super(errors.isBlank() ? message : message + ":\n" + errors.strip());
        this.errors = errors;
    }

    /** Whether Terraform itself was told to stop, and may have left out of its state what it was creating. */
    public boolean wasInterrupted() {
        return errors.contains("execution halted") || errors.contains("context canceled");
    }

    /** What Terraform printed from its first error on; may be empty, never null. */
    public String errors() {
        return errors;
    }
}
