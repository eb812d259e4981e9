package webapp.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.time.Deadline;

class HttpCallsTest {
    private static final int LONGEST = 1000;

    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Integer> clientPorts = Collections.synchronizedSet(new HashSet<>());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile HttpHandler behaviour = exchange -> answer(exchange, 200, 2);
    private HttpServer server = server(0);
    private final HttpCalls calls = new HttpCalls();

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private HttpServer server(int port) {
        try {
            HttpServer started = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            started.createContext("/", exchange -> {
                requests.incrementAndGet();
                clientPorts.add(exchange.getRemoteAddress().getPort());
                exchange.getRequestBody().readAllBytes();
                behaviour.handle(exchange);
            });
            started.setExecutor(threads);
            started.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, int length) throws IOException {
        exchange.sendResponseHeaders(status, length);
        exchange.getResponseBody().write(new byte[length]);
        exchange.close();
    }

    @Test
    void eachCallHasAConnectionOfItsOwnSoThatNoDeadOneIsMet() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(post().status()).isEqualTo(200);
            assertThat(get().status()).isEqualTo(200);
        }
        int port = server.getAddress().getPort();
        server.stop(0);
        server = server(port);

        assertThat(post().status()).isEqualTo(200);
        assertThat(clientPorts).hasSize(7);
        assertThat(requests).hasValue(7);
    }

    /** A server that would keep the connection for longer than the test takes, and waits for what the client does. */
    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "400 Bad Request"})
    void connectionIsClosedByUsWhateverTheServerSays(String status) throws Exception {
        try (ServerSocket waiting = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Future<Integer> end = threads.submit(() -> {
                try (Socket accepted = waiting.accept()) {
                    InputStream request = accepted.getInputStream();
                    String text = "";
                    while (!text.endsWith("body")) {
                        text += (char) request.read();
                    }
                    accepted.getOutputStream().write(
                            ("HTTP/1.1 " + status + "\r\nConnection: keep-alive\r\nKeep-Alive: timeout=60\r\nContent-Length: 2\r\n\r\nok")
                                    .getBytes(StandardCharsets.US_ASCII));
                    return request.read();
                }
            });
            URI address = URI.create("http://127.0.0.1:" + waiting.getLocalPort() + "/");

            calls.post(address, Map.of("Content-Type", "text/plain"), "body".getBytes(StandardCharsets.US_ASCII), LONGEST, soon());

            assertThat(end.get(20, TimeUnit.SECONDS)).as("the end of the connection").isEqualTo(-1);
        }
    }

    @Test
    void postWithoutAnswerIsNotSentAgain() {
        behaviour = HttpExchange::close;

        assertThatThrownBy(this::post).isInstanceOf(IOException.class).isNotInstanceOf(HttpCalls.UnsentException.class);
        assertThat(requests).hasValue(1);
    }

    @Test
    void redirectIsAnAnswerLikeAnother() throws IOException {
        behaviour = exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            answer(exchange, 302, 1);
        };

        assertThat(get().status()).isEqualTo(302);
        assertThat(requests).hasValue(1);
    }

    @Test
    void bodyOfAnErrorIsRead() throws IOException {
        behaviour = exchange -> answer(exchange, 400, 7);

        assertThat(post().body()).hasSize(7);
    }

    @Test
    void answerIsBoundedInLength() throws IOException {
        behaviour = exchange -> answer(exchange, 200, LONGEST);
        assertThat(get().body()).hasSize(LONGEST);

        behaviour = exchange -> answer(exchange, 200, LONGEST + 1);
        assertThatThrownBy(this::get).isInstanceOf(IOException.class).hasMessage("the answer is longer than 1000 bytes");
    }

    @Test
    void answerThatDripsIsBoundedInTime() {
        behaviour = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (var body = exchange.getResponseBody()) {
                for (int i = 0; i < LONGEST; i++) {
                    body.write(i);
                    body.flush();
                    Thread.sleep(10);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };

        assertThatThrownBy(() -> calls.get(address(), LONGEST, Deadline.in(Duration.ofMillis(300))))
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("the answer was not complete in time");
    }

    @Test
    void whatIsNeverAcceptedOrOutOfTimeIsUnsent() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        assertThatThrownBy(() -> calls.get(URI.create("http://127.0.0.1:" + closed + "/"), LONGEST, soon()))
                .isInstanceOf(HttpCalls.UnsentException.class);
        assertThatThrownBy(() -> calls.get(address(), LONGEST, Deadline.in(Duration.ZERO)))
                .isInstanceOf(HttpCalls.UnsentException.class);
        assertThat(requests).hasValue(0);
    }

    @Test
    void secretsOfTlsAreForgottenBeforeASnapshot() throws Exception {
        SSLContext trust = TlsServer.trust();
        HttpCalls secured = new HttpCalls(trust);
        try (TlsServer tls = new TlsServer(exchange -> answer(exchange, 200, 2))) {
            assertThat(secured.get(URI.create(tls.url()), LONGEST, soon()).status()).isEqualTo(200);
            assertThat(Collections.list(trust.getClientSessionContext().getIds())).isNotEmpty();

            secured.close();

            assertThat(Collections.list(trust.getClientSessionContext().getIds())).isEmpty();
            assertThat(secured.get(URI.create(tls.url()), LONGEST, soon()).status()).isEqualTo(200);
        }
    }

    @Test
    void serviceWhoseCertificateNobodyTrustsGetsNothing() {
        AtomicInteger reached = new AtomicInteger();
        try (TlsServer tls = new TlsServer(exchange -> {
            reached.incrementAndGet();
            answer(exchange, 200, 2);
        })) {
            assertThatThrownBy(() -> calls.post(URI.create(tls.url()), Map.of(), new byte[] {1}, LONGEST, soon()))
                    .isInstanceOf(HttpCalls.UnsentException.class);
        }
        assertThat(reached).hasValue(0);
    }

    private HttpCalls.Answer get() throws IOException {
        return calls.get(address(), LONGEST, soon());
    }

    private HttpCalls.Answer post() throws IOException {
        return calls.post(address(), Map.of("Content-Type", "text/plain"), new byte[] {1, 2, 3}, LONGEST, soon());
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }
}
