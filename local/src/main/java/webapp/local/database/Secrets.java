package webapp.local.database;

/** Reads the secret that RDS keeps a master user's password in. */
@FunctionalInterface
public interface Secrets {
    /** The current value of the secret; throws a RuntimeException when there is none. */
    Login read(String secretArn);

    /** A user name and password. */
    record Login(String username, String password) {
        /** Hides the password, so that no log shows it. */
        @Override
        public String toString() {
            return "login of " + username;
        }
    }
}
