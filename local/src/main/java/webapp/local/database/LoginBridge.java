package webapp.local.database;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Stands on the database's endpoint in front of {@link MariaDb} and does what RDS has and MariaDB lacks: it requires TLS, asks
 * for the password in clear (within TLS), decides by {@link LoginRules}, logs in to MariaDB as the same user, then passes bytes.
 * Each connection has one of its own to the server.
 */
public final class LoginBridge implements Closeable {
    private final ServerSocket listener;
    private final MariaDb server;
    private final MasterUsers masterUsers;
    private final LoginRules rules;
    private final SSLContext serverTls;
    private final SSLContext clientTls;
    private final Consumer<String> log;
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    /**
     * Starts to listen on 127.0.0.1.
     *
     * @param port         port, or 0 for a free one
     * @param server       server to log in to
     * @param certificates certificate to show, which is also the one to expect of {@code server}
     * @param rules        who may log in
     * @param log          receives a line for each refused login, which names the culprit; called by many threads
     * @throws IOException when the port is taken or a certificate cannot be read
     */
    public LoginBridge(int port, MariaDb server, CertificateAuthority certificates, LoginRules rules, Consumer<String> log) throws IOException {
        this.server = Objects.requireNonNull(server, "server");
        this.rules = Objects.requireNonNull(rules, "rules");
        this.log = Objects.requireNonNull(log, "log");
        this.masterUsers = new MasterUsers(server);
        this.serverTls = certificates.serverContext();
        this.clientTls = certificates.clientContext();
        this.listener = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("login bridge").start(this::accept);
    }

    /** Port on 127.0.0.1. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                clients.add(client);
                Thread.ofVirtual().name("login bridge, commands").start(() -> serve(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    log.accept("the login bridge cannot accept a connection: " + e);
                }
            }
        }
    }

    private void serve(Socket client) {
        try {
            new ClientConnection(client, server, masterUsers, rules, serverTls, clientTls, log).serve();
        } finally {
            clients.remove(client);
        }
    }
}
