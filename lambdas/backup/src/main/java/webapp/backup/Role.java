package webapp.backup;

/** What a snapshot or a restored database is for, the value of the tag {@link Tags#ROLE}. */
enum Role {
    PRIMARY("primary"),
    /** A copy in the primary region under the customer's key, where the database has another. */
    CMK("cmk"),
    RECOVERY("recovery"),
    DRILL("drill");

    final String text;

    Role(String text) {
        this.text = text;
    }

    /** @return null for anything else */
    static Role of(String text) {
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return role;
            }
        }
        return null;
    }
}
