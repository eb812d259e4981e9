package webapp.local.host;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * A plain HTTP/1.1 server on 127.0.0.1, with TCP_NODELAY on every connection. The JDK's own server has that option only as a system
 * property read when its first instance is made; whoever makes one earlier would add 40 ms to each warm invocation.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;
    /** The runtime client sends a stack trace of up to 1 MiB as a header. */
    private static final int MAXIMUM_LINE = 2 * 1024 * 1024;

    private static final Pattern OWN_HOST = Pattern.compile("(127[.]0[.]0[.]1|localhost)(:\\d+)?", Pattern.CASE_INSENSITIVE);
    private static final Response REFUSAL = Response.json(403,
            Outcome.json(Map.of(), "AccessDeniedException", "This server answers tools on this machine, no web pages"));

    private final ServerSocket socket;
    private final Handler handler;
    private final int maximumBody;
    private final ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor();

    /** Answers one request, or with null ends the connection without an answer; is interrupted when the server closes. */
    @FunctionalInterface
    public interface Handler {
        Response answer(Request request) throws InterruptedException;
    }

    /**
     * @param headers names without regard to case
     * @param body    empty when {@code length} is above the server's maximum; such a body is read and thrown away
     */
    public record Request(String method, String path, Map<String, String> headers, byte[] body, long length) {}

    /** @param file what is sent instead of the body, and then deleted; null for none */
    public record Response(int status, Map<String, String> headers, byte[] body, Path file) {
        public Response(int status, Map<String, String> headers, byte[] body) {
            this(status, headers, body, null);
        }

        /** Success, with what a file holds; it is deleted whether or not it reaches the client. */
        public static Response file(String contentType, Path file) {
            return new Response(200, Map.of("Content-Type", contentType), new byte[0], file);
        }

        public static Response json(int status, byte[] body) {
            return new Response(status, Map.of("Content-Type", "application/json"), body);
        }
    }

    /** @param port 0 picks a free one */
    public LoopbackServer(int port, int maximumBody, Handler handler) throws IOException {
        this.handler = handler;
        this.maximumBody = maximumBody;
        this.socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 128);
        connections.execute(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                connections.execute(() -> serve(connection));
            } catch (IOException | RejectedExecutionException e) {
                if (!socket.isClosed()) {
                    throw new IllegalStateException("Accepting connections on port " + port(), e);
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(connection.getInputStream(), BUFFER);
            OutputStream out = new BufferedOutputStream(connection.getOutputStream(), BUFFER);
            boolean keepAlive = true;
            while (keepAlive) {
                String requestLine = line(in);
                if (requestLine == null) {
                    return;
                }
                Request request = read(requestLine, in);
                keepAlive = !"close".equalsIgnoreCase(request.headers().get("Connection"));
                Response answer = isFromWebPage(request) ? REFUSAL : handler.answer(request);
                if (answer == null) {
                    return;
                }
                write(out, answer, "HEAD".equals(request.method()), keepAlive);
            }
        } catch (IOException | IllegalArgumentException e) {
            // The client went away or spoke no HTTP; a process that died is reported by its exit.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether a browser sent it, for a page that a developer visits: it says so by the headers below, or by the name under which the page
     * reached this server (DNS rebinding). Without this a page could invoke functions as the gateway does, with a caller it makes up.
     */
    private static boolean isFromWebPage(Request request) {
        Map<String, String> headers = request.headers();
        return headers.containsKey("Origin") || headers.containsKey("Sec-Fetch-Site")
                || !OWN_HOST.matcher(headers.getOrDefault("Host", "localhost")).matches();
    }

    private Request read(String requestLine, InputStream in) throws IOException {
        String[] parts = requestLine.split(" ");
        if (parts.length != 3) {
            throw new ProtocolException("Not a request line: " + requestLine);
        }
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
            }
        }
        if (headers.containsKey("Transfer-Encoding")) {
            throw new ProtocolException("A body needs a Content-Length");
        }
        long length = Long.parseLong(headers.getOrDefault("Content-Length", "0"));
        if (length > maximumBody) {
            in.skipNBytes(length);
            return new Request(parts[0], parts[1], headers, new byte[0], length);
        }
        byte[] body = in.readNBytes((int) length);
        if (body.length < length) {
            throw new EOFException("The body ended after " + body.length + " of " + length + " bytes");
        }
        return new Request(parts[0], parts[1], headers, body, length);
    }

    /** @return a line without its end, or null at the end of the stream */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                return null;
            }
            if (next != '\r') {
                line.write(next);
            }
            if (line.size() > MAXIMUM_LINE) {
                throw new ProtocolException("A header line is above " + MAXIMUM_LINE + " bytes");
            }
        }
        return line.toString(ISO_8859_1);
    }

    private static void write(OutputStream out, Response response, boolean headOnly, boolean keepAlive) throws IOException {
        try {
            writeHead(out, response, keepAlive);
            if (!headOnly && response.file() != null) {
                Files.copy(response.file(), out);
            } else if (!headOnly) {
                out.write(response.body());
            }
        } finally {
            if (response.file() != null) {
                Files.deleteIfExists(response.file());
            }
        }
        out.flush();
    }

    private static void writeHead(OutputStream out, Response response, boolean keepAlive) throws IOException {
        StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "HTTP/1.1 %d %s\r\n", response.status(),
                response.status() < 300 ? "OK" : "Error"));
        response.headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Length: ").append(response.file() == null ? response.body().length : Files.size(response.file())).append("\r\n");
        if (!keepAlive) {
            head.append("Connection: close\r\n");
        }
        out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    }

    /** Ends every connection; requests being answered are interrupted. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Closing port " + port(), e);
        } finally {
            connections.shutdownNow();
        }
    }
}
