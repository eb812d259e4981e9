package webapp.local.rds;

/** Thrown out of an SDK client's call where a fault lets the caller die; an Error, so that code that handles exceptions does not see it. */
public final class FunctionDied extends Error {
    private static final long serialVersionUID = 1;

    FunctionDied(String call) {
        super("The function died at " + call);
    }
}
