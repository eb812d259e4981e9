package webapp.local.database;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import webapp.local.database.LoginRules.Admission;

/** One client of the login bridge: greeting, TLS, password, the login to MariaDB in its name, then bytes both ways. */
final class ClientConnection {
    private static final int LOGIN_TIMEOUT_MS = (int) Duration.ofSeconds(30).toMillis();
    private static final int ACCESS_DENIED = 1045;
    /** MariaDB's own code for users that it would not let in with any password. */
    private static final int ACCESS_DENIED_NO_PASSWORD = 1698;
    private static final byte[] REQUEST_FOR_CLEAR_PASSWORD =
            ((char) MySqlPackets.AUTH_SWITCH + ServerConnection.CLEAR_PASSWORD + "\0").getBytes(StandardCharsets.ISO_8859_1);

    private final Socket plain;
    private final MariaDb server;
    private final MasterUsers masterUsers;
    private final LoginRules rules;
    private final SSLContext serverTls;
    private final SSLContext clientTls;
    private final Consumer<String> log;

    ClientConnection(Socket plain, MariaDb server, MasterUsers masterUsers, LoginRules rules, SSLContext serverTls, SSLContext clientTls,
            Consumer<String> log) {
        this.plain = plain;
        this.server = server;
        this.masterUsers = masterUsers;
        this.rules = rules;
        this.serverTls = serverTls;
        this.clientTls = clientTls;
        this.log = log;
    }

    /** Serves the client until either side closes. */
    void serve() {
        try (plain; ServerConnection backend = ServerConnection.open(server.port(), clientTls)) {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(LOGIN_TIMEOUT_MS);
            SSLSocket client = logIn(backend);
            if (client != null) {
                client.setSoTimeout(0);
                relay(client, backend.socket());
            }
        } catch (IOException e) {
            log.accept("connection from " + address() + " failed: " + e);
        }
    }

    /** Returns the client's TLS socket when it is logged in, null when it was refused and told so. */
    private SSLSocket logIn(ServerConnection backend) throws IOException {
        MySqlPackets unsecured = new MySqlPackets(plain.getInputStream(), plain.getOutputStream(), 0);
        byte[] first = backend.firstPacket();
        if ((first[0] & 0xff) == MySqlPackets.ERROR) {
            unsecured.write(first);
            log.accept("connection from " + address() + " refused by MariaDB: " + MySqlPackets.describeError(first));
            return null;
        }
        unsecured.write(Greeting.parse(first).forClient());
        if (!asksForTls(unsecured.read())) {
            // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/mysql-ssl-connections.html, parameter require_secure_transport.
            unsecured.write(MySqlPackets.error(3159, "HY000",
                    "Connections using insecure transport are prohibited while --require_secure_transport=ON."));
            log.accept("login refused: " + address() + " connects without TLS");
            return null;
        }
        SSLSocket client = (SSLSocket) serverTls.getSocketFactory().createSocket(plain, null, true);
        MySqlPackets packets;
        LoginRequest request;
        String password;
        try {
            client.startHandshake();
            packets = new MySqlPackets(client.getInputStream(), client.getOutputStream(), unsecured.sequence());
            request = LoginRequest.parse(packets.read());
            if (!request.wants(Capabilities.PROTOCOL_41) || !request.wants(Capabilities.PLUGIN_AUTHENTICATION)) {
                packets.write(MySqlPackets.error(1251, "08004",
                        "Client does not support authentication protocol requested by server; consider upgrading MySQL client"));
                return null;
            }
            packets.write(REQUEST_FOR_CLEAR_PASSWORD);
            password = new String(MySqlPackets.zeroTerminated(ByteBuffer.wrap(packets.readPossiblyEmpty())), StandardCharsets.UTF_8);
        } catch (SSLException | EOFException e) {
            // Clients judge the certificate during the handshake, after it (TLS 1.3) or when asked for the password (MariaDB's).
            throw new IOException("the client broke off, perhaps it does not trust the laptop's database authority: " + e.getMessage(), e);
        }
        return logIn(backend, packets, request, password) ? client : null;
    }

    private boolean logIn(ServerConnection backend, MySqlPackets client, LoginRequest request, String password) throws IOException {
        String user = request.user();
        Admission admission;
        String serverPassword;
        try {
            admission = rules.admit(user, password);
            serverPassword = switch (admission) {
                case Admission.ByToken token -> server.passwords().ofIamUser(user);
                case Admission.AsMaster master -> masterUsers.prepare(master.instance());
                case Admission.ByPassword same -> password;
            };
        } catch (LoginRefused | SQLException | RuntimeException e) {
            refused(user, e instanceof LoginRefused ? e.getMessage() : "it could not be decided: " + e);
            client.write(accessDenied(user, password));
            return false;
        }
        byte[] answer = backend.logIn(request, serverPassword);
        if ((answer[0] & 0xff) != MySqlPackets.OK) {
            int code = MySqlPackets.errorCode(answer);
            boolean denied = code == ACCESS_DENIED || code == ACCESS_DENIED_NO_PASSWORD;
            client.write(denied ? accessDenied(user, password) : answer);
            String reason = "MariaDB answers " + MySqlPackets.describeError(answer);
            refused(user, admission instanceof Admission.ByToken
                    ? reason + " (the token is valid; was the user created with IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'?)" : reason);
            return false;
        }
        client.write(answer);
        return true;
    }

    private void relay(SSLSocket client, Socket backend) throws IOException {
        Thread answers = Thread.ofVirtual().name("login bridge, answers").start(() -> copyAnswers(backend, client));
        try {
            InputStream commands = new BufferedInputStream(client.getInputStream(), 64 * 1024);
            CommandRelay.End end = new CommandRelay(commands, backend.getOutputStream(), server.passwords()::ofIamUser).run();
            if (end == CommandRelay.End.CHANGE_USER_REFUSED) {
                client.getOutputStream().write(MySqlPackets.packet(MySqlPackets.error(ACCESS_DENIED, "28000",
                        "Access denied: open a new connection to log in as another user"), 1));
                log.accept("change of user refused: the login bridge checks a login on a new connection only");
                return;
            }
            // The client has said all it wants; what the server still answers is passed on until it closes, too.
            backend.shutdownOutput();
            answers.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            // Either side is gone: the other is closed, which is all there is to say in this protocol.
        } finally {
            backend.close();
            client.close();
        }
    }

    private static void copyAnswers(Socket backend, Socket client) {
        try (client) {
            InputStream in = backend.getInputStream();
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // As above: closing the client's socket ends the other direction.
        }
    }

    private void refused(String user, String reason) {
        log.accept("login refused: user '" + user + "' from " + address() + ": " + reason);
    }

    /** What RDS tells a client: never the reason. */
    private byte[] accessDenied(String user, String password) {
        return MySqlPackets.error(ACCESS_DENIED, "28000", "Access denied for user '" + user + "'@'" + address() + "' (using password: "
                + (password.isEmpty() ? "NO" : "YES") + ")");
    }

    private String address() {
        return plain.getInetAddress().getHostAddress();
    }

    private static boolean asksForTls(byte[] answer) {
        return answer.length == LoginRequest.TLS_REQUEST_LENGTH
                && (ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN).getInt() & Capabilities.TLS) != 0;
    }
}
