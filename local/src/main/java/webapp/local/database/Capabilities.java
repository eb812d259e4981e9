package webapp.local.database;

/**
 * Flags of the MySQL protocol that the bridge has an opinion on
 * (<a href="https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html">Capabilities Flags</a>);
 * client and server settle the others between them.
 */
final class Capabilities {
    static final int CONNECT_WITH_DATABASE = 1 << 3;
    static final int COMPRESSION = 1 << 5;
    static final int PROTOCOL_41 = 1 << 9;
    static final int TLS = 1 << 11;
    static final int SECURE_CONNECTION = 1 << 15;
    static final int PLUGIN_AUTHENTICATION = 1 << 19;
    static final int CONNECT_ATTRIBUTES = 1 << 20;
    static final int LONG_AUTHENTICATION = 1 << 21;
    static final int ZSTD_COMPRESSION = 1 << 26;

    private Capabilities() {}
}
