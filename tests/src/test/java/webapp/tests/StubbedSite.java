package webapp.tests;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** The site's files under their clean URLs, before an API that answers what a test says: what a healthy stack does not. */
final class StubbedSite implements AutoCloseable {
    private static final Path SITE = Path.of(System.getProperty("checkout.directory"), "frontend");

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
        String type = file.toString().endsWith(".js") ? "text/javascript" : Files.probeContentType(file);
        send(exchange, 200, type, Files.readAllBytes(file));
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
