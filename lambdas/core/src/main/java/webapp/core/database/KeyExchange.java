package webapp.core.database;

import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.util.Properties;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLProtocolException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin;

/**
 * The driver's own TLS, with every check it has, which offers X25519 alone for the exchange of keys. The JDK would make a key for P-256 with each first
 * message too, and computing that curve's tables is a tenth of a cold start (docs/performance.md). OpenSSL, and so MySQL, has X25519; a server that
 * refuses it, as a FIPS build does, is offered everything the JDK has, on a second connection.
 *
 * <p>Public because the driver finds it by {@code META-INF/services}.
 */
public final class KeyExchange extends DefaultTlsSocketPlugin {
    private static final String TYPE = "x25519";
    private static final String[] GROUPS = {"x25519"};

    /** Once the JDK has computed the tables, X25519 saves nothing more: a server is never asked a second time. */
    private static volatile boolean refused;

    /** Sets the driver's option. */
    static void apply(Properties options) {
        if (!refused) {
            options.setProperty("tlsSocketType", TYPE);
        }
    }

    /**
     * Whether a login with these options failed over the exchange of keys, as far as the client can tell, and is worth another with the options as they
     * are now. A certificate that was refused is refused.
     */
    static boolean widened(Properties options, Throwable failure) {
        if (options.remove("tlsSocketType") == null || !isHandshake(failure)) {
            return false;
        }
        refused = true;
        LambdaRuntime.getLogger().log("The database refused a TLS handshake that offers X25519 alone (" + failure.getMessage()
                + "): from now on it is offered every group that the JDK has, which costs each cold start some 50 ms");
        return true;
    }

    private static boolean isHandshake(Throwable failure) {
        boolean handshake = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return false;
            }
            // Which of the two depends on the alert that the server chose. The driver's own refusal of a name is neither.
            handshake |= cause instanceof SSLHandshakeException || cause instanceof SSLProtocolException;
        }
        return handshake;
    }

    /** For tests, which share a JVM with others. */
    static void forget() {
        refused = false;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public SSLSocket createSocket(Socket socket, SSLSocketFactory factory) throws IOException {
        SSLSocket secured = super.createSocket(socket, factory);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setNamedGroups(GROUPS);
        secured.setSSLParameters(parameters);
        return secured;
    }
}
