package webapp.tests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The site's files under their clean URLs, before an API that answers what a test says: what a healthy stack does not. */
final class StubbedSite implements AutoCloseable {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final Path SITE = CHECKOUT.resolve("frontend");

    /** What CloudFront sends with every file unless somebody asks for another. */
    private static final String CONTENT_SECURITY_POLICY = contentSecurityPolicy();

    private final HttpServer server;

    /** @param api answers everything below {@code /api/} */
    StubbedSite(HttpHandler api) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", StubbedSite::serveFile);
        server.createContext("/api/", api);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    private static void serveFile(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring(1);
        Path file = SITE.resolve(path.contains(".") ? path : path + "/index.html".substring(path.isEmpty() ? 1 : 0));
        if (!Files.exists(file)) {
            send(exchange, 404, "text/plain", new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        String type = file.toString().endsWith(".js") ? "text/javascript" : Files.probeContentType(file);
        send(exchange, 200, type, Files.readAllBytes(file));
    }

    private static String contentSecurityPolicy() {
        try {
            Matcher policy = Pattern.compile("variable \"content_security_policy\" \\{[^}]*?default += \"([^\"]+)\"")
                    .matcher(Files.readString(CHECKOUT.resolve("modules/edge/variables.tf")));
            if (!policy.find()) {
                throw new IllegalStateException("modules/edge/variables.tf has no default of content_security_policy");
            }
            return policy.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
