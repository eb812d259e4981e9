package webapp.api.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import webapp.core.time.Deadline;

/**
 * A function's calls to another service by HTTPS, each on a connection of its own, within the request's deadline, without redirects and
 * with a bound on the answer.
 *
 * <p>A connection is never kept for the next call: after a SnapStart restore, or when an environment was frozen between two requests,
 * the other end has long closed it, and a POST that met the dead socket could not be told from one that was carried out. For the same
 * reason bodies are streamed: otherwise the JDK would send a POST that got no answer a second time, by itself. What another
 * connection costs is in docs/decisions/0005.
 *
 * <p>Safe for use by several threads.
 */
public final class HttpCalls implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    static {
        // The header Connection is a wish: whether the JDK keeps a connection is decided by the answer, or by this.
        System.setProperty("http.keepAlive", "false");
    }

    /** The call never reached the service, so that repeating it repeats nothing. */
    public static final class UnsentException extends IOException {
        private static final long serialVersionUID = 1L;

        UnsentException(IOException cause) {
            super("no connection: " + cause, cause);
        }
    }

    /** @param body empty if there is none */
    public record Answer(int status, String errorType, byte[] body) {}

    private final SSLContext context;

    public HttpCalls() {
        this(null);
    }

    /** @param context whose authorities are trusted; null for the JVM's */
    public HttpCalls(SSLContext context) {
        this.context = context;
    }

    /** @throws IOException if there is no whole answer of at most {@code longest} bytes in time */
    public Answer get(URI address, int longest, Deadline deadline) throws IOException {
        return call(address, Map.of("Accept", "application/json"), null, longest, deadline);
    }

    /**
     * @throws UnsentException if nothing was sent
     * @throws IOException if there is no whole answer of at most {@code longest} bytes in time; the call may have been carried out
     */
    public Answer post(URI address, Map<String, String> headers, byte[] body, int longest, Deadline deadline)
            throws IOException {
        return call(address, headers, body, longest, deadline);
    }

    private Answer call(URI address, Map<String, String> headers, byte[] body, int longest, Deadline deadline)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        try {
            if (context != null && connection instanceof HttpsURLConnection secured) {
                secured.setSSLSocketFactory(context.getSocketFactory());
            }
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            headers.forEach(connection::setRequestProperty);
            connection.setRequestProperty("Connection", "close");
            if (body != null) {
                connection.setRequestMethod("POST");
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(body.length);
            }
            connect(connection, deadline);
            if (body != null) {
                try (OutputStream request = connection.getOutputStream()) {
                    request.write(body);
                }
            }
            int status = connection.getResponseCode();
            if (status < 0) {
                throw new IOException("the answer is no HTTP");
            }
            InputStream answer = status >= HttpURLConnection.HTTP_BAD_REQUEST
                    ? connection.getErrorStream()
                    : connection.getInputStream();
            return new Answer(
                    status, connection.getHeaderField("x-amzn-ErrorType"), read(answer, longest, deadline));
        } finally {
            // Closes the stream, too: were it closed before, this would not know of the connection and leave it in the JDK's cache.
            connection.disconnect();
        }
    }

    private static void connect(HttpURLConnection connection, Deadline deadline) throws IOException {
        long left = deadline.remainingMillis();
        if (left <= 0) {
            throw new UnsentException(new SocketTimeoutException("no time left"));
        }
        connection.setConnectTimeout((int) Math.min(CONNECT_TIMEOUT.toMillis(), left));
        connection.setReadTimeout((int) Math.min(Integer.MAX_VALUE, left));
        try {
            connection.connect();
        } catch (IOException e) {
            throw new UnsentException(e);
        }
    }

    private static byte[] read(InputStream answer, int longest, Deadline deadline) throws IOException {
        if (answer == null) {
            return new byte[0];
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int read = answer.read(buffer); read >= 0; read = answer.read(buffer)) {
            bytes.write(buffer, 0, read);
            if (bytes.size() > longest) {
                throw new IOException("the answer is longer than " + longest + " bytes");
            }
            // The read timeout counts anew for each read: a service that drips would hold the request for ever.
            if (deadline.remainingMillis() <= 0) {
                throw new SocketTimeoutException("the answer was not complete in time");
            }
        }
        return bytes.toByteArray();
    }

    /** Forgets TLS sessions: a snapshot must not hold the secrets by which they are resumed. */
    @Override
    public void close() throws Exception {
        SSLSessionContext sessions = (context == null ? SSLContext.getDefault() : context).getClientSessionContext();
        for (byte[] id : Collections.list(sessions.getIds())) {
            SSLSession session = sessions.getSession(id);
            // Null if it ended meanwhile.
            if (session != null) {
                session.invalidate();
            }
        }
    }
}
