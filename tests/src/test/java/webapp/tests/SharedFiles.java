package webapp.tests;

/** What classes that run at the same time have in common: the checkout's lock files and its directory of downloaded providers. */
final class SharedFiles {
    /** Held for each {@code terraform init}, which writes both, and while the checkout is copied. */
    static final Object LOCK = new Object();

    private SharedFiles() {}
}
