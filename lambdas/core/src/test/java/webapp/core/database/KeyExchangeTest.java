package webapp.core.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.Properties;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.testing.MariaDbServer;

class KeyExchangeTest {
    private final Properties options = new Properties();

    @BeforeEach
    @AfterEach
    void forget() {
        KeyExchange.forget();
    }

    @Test
    void x25519AloneIsOffered() throws Exception {
        handshake("x25519");

        KeyExchange.apply(options);
        assertThatThrownBy(() -> handshake("secp256r1"))
                .isInstanceOf(SSLException.class)
                .satisfies(refusal -> assertThat(KeyExchange.widened(options, new SQLException(refusal))).isTrue());
    }

    /** The TLS library in the embedded MariaDB has no X25519. */
    @Test
    void serverThatRefusesItIsOfferedTheOthersAndNeverAskedAgain() throws SQLException {
        MariaDbServer server = MariaDbServer.shared();
        KeyExchange.forget();
        int before = refusedConnections(server);
        KeyExchange.forget();

        server.master().close();
        server.master().close();

        assertThat(refusedConnections(server)).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(classes = {CertificateException.class, SSLException.class, IOException.class})
    void otherFailureIsFinal(Class<? extends Exception> type) throws Exception {
        KeyExchange.apply(options);
        Exception cause = type.getConstructor(String.class).newInstance("x");
        Exception failure = cause instanceof CertificateException
                ? (Exception) new SSLHandshakeException("x").initCause(cause)
                : cause;

        assertThat(KeyExchange.widened(options, new SQLException("x", "08000", failure))).isFalse();
    }

    @Test
    void refusalIsFinalTheSecondTime() {
        KeyExchange.apply(options);
        SQLException failure = new SQLException("x", "08000", new SSLHandshakeException("handshake_failure"));

        assertThat(KeyExchange.widened(options, failure)).isTrue();
        assertThat(options).isEmpty();
        assertThat(KeyExchange.widened(options, failure)).isFalse();
    }

    private static int refusedConnections(MariaDbServer server) {
        return Integer.parseInt(server.query("SELECT variable_value FROM information_schema.global_status"
                + " WHERE variable_name = 'ABORTED_CONNECTS'").get(0));
    }

    /** Between the plugin and a server that has only one group. */
    private static void handshake(String group) throws Exception {
        MariaDbServer.shared();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys(), trust(), null);
        try (SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
                        .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket plain = new Socket(server.getInetAddress(), server.getLocalPort());
                SSLSocket accepted = (SSLSocket) server.accept()) {
            SSLParameters parameters = accepted.getSSLParameters();
            parameters.setNamedGroups(new String[] {group});
            accepted.setSSLParameters(parameters);
            Thread answering = Thread.ofPlatform().start(() -> {
                try {
                    accepted.startHandshake();
                } catch (IOException e) {
                    // The client reports it.
                }
            });
            try {
                new KeyExchange().createSocket(plain, context.getSocketFactory()).startHandshake();
            } finally {
                // A socket closed in the middle of its handshake waits for ever for a record that the other thread has read.
                answering.join();
            }
        }
    }

    private static KeyManager[] keys() throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        Path store = Path.of(System.getProperty("javax.net.ssl.trustStore")).resolveSibling("server.p12");
        keys.init(load(store), password());
        return keys.getKeyManagers();
    }

    private static TrustManager[] trust() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(load(Path.of(System.getProperty("javax.net.ssl.trustStore"))));
        return trust.getTrustManagers();
    }

    private static KeyStore load(Path store) throws Exception {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream file = new FileInputStream(store.toFile())) {
            loaded.load(file, password());
        }
        return loaded;
    }

    private static char[] password() {
        return System.getProperty("javax.net.ssl.trustStorePassword").toCharArray();
    }
}
