package webapp.local.door;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Plays the content delivery network's viewer side: a browser's request to {@code localhost} becomes a request over HTTPS
 * to the distribution's own name, as local AWS serves it.
 */
public final class FrontDoor implements AutoCloseable {
    /** Headers of one connection, not of the message: RFC 9110 section 7.6.1; and those that this side sets itself. */
    private static final Set<String> NOT_FORWARDED = Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding", "upgrade", "host", "content-length", "expect", "x-forwarded-proto", "x-forwarded-for");

    /** Bodies are held in memory, and any page may post one here. */
    private static final int MAXIMUM_BODY = 16 * 1024 * 1024;

    private static final Pattern OWN_HOST =
            Pattern.compile("(127[.]0[.]0[.]1|localhost|[a-z0-9.-]+[.]localhost)(:\\d+)?", Pattern.CASE_INSENSITIVE);

    /** The JDK's HTTP client reads this once, before its first use, so that it can only be given on the command line. */
    public static final String JVM_OPTION = "-Djdk.httpclient.allowRestrictedHeaders=host";

    private final URI localAws;
    private final Supplier<Optional<String>> distribution;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /**
     * Listens on the first free port from {@code firstPort} on, of the hundred that follow; any free one when it is 0.
     *
     * @param localAws where local AWS listens
     * @param distribution the distribution's domain name; empty while nothing is deployed
     */
    public FrontDoor(int firstPort, URI localAws, Supplier<Optional<String>> distribution) throws IOException {
        if (!"host".equals(System.getProperty("jdk.httpclient.allowRestrictedHeaders"))) {
            throw new IllegalStateException("the front door sets the Host header: start the JVM with " + JVM_OPTION);
        }
        this.localAws = localAws;
        this.distribution = distribution;
        this.server = listen(firstPort);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private static HttpServer listen(int firstPort) throws IOException {
        for (int port = firstPort; ; port++) {
            try {
                return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            } catch (BindException e) {
                if (firstPort == 0 || port >= Math.min(firstPort + 100, 65535)) {
                    throw new IOException("no free port for the front door from " + firstPort + " to " + port, e);
                }
            }
        }
    }

    public URI url() {
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!OWN_HOST.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Host"))).matches()) {
                // Another name for this machine (DNS rebinding) would make the site one origin with somebody else's page.
                refuse(exchange, 421, "Open " + url() + ": the site is not known by another name.");
                return;
            }
            Optional<String> host = distribution.get();
            if (host.isEmpty()) {
                refuse(exchange, 503, "Nothing is deployed yet: make up is still working, or it failed.");
                return;
            }
            byte[] body = exchange.getRequestBody().readNBytes(MAXIMUM_BODY + 1);
            if (body.length > MAXIMUM_BODY) {
                refuse(exchange, 413, "The body is larger than 16 MB; API Gateway takes 10 MB.");
                return;
            }
            HttpResponse<InputStream> answer;
            try {
                answer = client.send(request(exchange, host.get(), body), HttpResponse.BodyHandlers.ofInputStream());
            } catch (IOException e) {
                refuse(exchange, 502, "Local AWS does not answer (" + e.getClass().getSimpleName() + "): see make status.");
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            answer(exchange, answer);
        }
    }

    private HttpRequest request(HttpExchange exchange, String host, byte[] body) {
        URI target = exchange.getRequestURI();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(localAws + target.getRawPath()
                        + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery())))
                .timeout(Duration.ofSeconds(60))
                .method(exchange.getRequestMethod(), body.length == 0
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, List<String>> header : exchange.getRequestHeaders().entrySet()) {
            if (!NOT_FORWARDED.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> request.header(header.getKey(), value));
            }
        }
        request.header("Host", host);
        request.header("X-Forwarded-Proto", "https");
        request.header("X-Forwarded-For", exchange.getRemoteAddress().getAddress().getHostAddress());
        return request.build();
    }

    private static void answer(HttpExchange exchange, HttpResponse<InputStream> answer) throws IOException {
        answer.headers().map().forEach((name, values) -> {
            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
            }
        });
        try (InputStream content = answer.body()) {
            byte[] body = content.readAllBytes();
            boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : body.length);
            if (!empty) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(body);
                }
            }
        }
    }

    private static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
        byte[] body = (reason + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
