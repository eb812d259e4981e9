package webapp.backup;

/** What a database is to RDS, which has an own set of operations for each. */
enum Kind {
    INSTANCE("instance"),
    CLUSTER("cluster");

    final String text;

    Kind(String text) {
        this.text = text;
    }

    static Kind of(String text) {
        return text.equals(INSTANCE.text) ? INSTANCE : CLUSTER;
    }
}
