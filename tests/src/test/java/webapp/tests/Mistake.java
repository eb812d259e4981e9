package webapp.tests;

/** Something broken on purpose in the copy of the checkout under test; closing it mends it. */
@FunctionalInterface
interface Mistake extends AutoCloseable {
    @Override
    void close();
}
