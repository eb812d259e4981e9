package webapp.local.door;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrontDoorTest {
    private HttpServer distribution;
    private URI localAws;
    private volatile Map<String, List<String>> seenHeaders;
    private volatile String seen;

    @BeforeEach
    void startDistribution() throws IOException {
        distribution = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        distribution.createContext("/", exchange -> {
            seenHeaders = exchange.getRequestHeaders();
            seen = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("X-Answered", "yes");
            byte[] body = "teapot".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(418, exchange.getRequestMethod().equals("HEAD") ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        distribution.start();
        localAws = URI.create("http://127.0.0.1:" + distribution.getAddress().getPort());
    }

    @AfterEach
    void stopDistribution() {
        distribution.stop(0);
    }

    @Test
    void requestReachesTheDistributionByItsNameAndAsHttps() throws Exception {
        try (FrontDoor door = new FrontDoor(0, localAws, () -> Optional.of("d1.cloudfront.net"))) {
            HttpResponse<String> answer = send(door, "/a%20b/c?d=%2F&e", "POST", "héllo");

            assertThat(answer.statusCode()).isEqualTo(418);
            assertThat(answer.body()).isEqualTo("teapot");
            assertThat(answer.headers().firstValue("x-answered")).hasValue("yes");
            assertThat(seen).isEqualTo("POST /a%20b/c?d=%2F&e héllo");
            assertThat(seenHeaders).containsEntry("Host", List.of("d1.cloudfront.net"))
                    .containsEntry("X-forwarded-proto", List.of("https"))
                    .containsEntry("X-forwarded-for", List.of("127.0.0.1"))
                    .containsEntry("X-custom", List.of("kept"));
        }
    }

    @Test
    void viewerCannotClaimAnAddressOrAProtocol() throws Exception {
        try (FrontDoor door = new FrontDoor(0, localAws, () -> Optional.of("d1.cloudfront.net"));
                HttpClient client = HttpClient.newHttpClient()) {
            client.send(HttpRequest.newBuilder(door.url()).header("X-Forwarded-For", "10.0.0.1").header("X-Forwarded-Proto", "gopher")
                    .build(), HttpResponse.BodyHandlers.discarding());
            assertThat(seenHeaders).containsEntry("X-forwarded-proto", List.of("https"))
                    .containsEntry("X-forwarded-for", List.of("127.0.0.1"));
        }
    }

    @Test
    void answersToNoOtherName() throws Exception {
        try (FrontDoor door = new FrontDoor(0, localAws, () -> Optional.of("d1.cloudfront.net"));
                HttpClient client = HttpClient.newHttpClient()) {
            for (String host : List.of("evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example")) {
                HttpResponse<String> answer = client.send(HttpRequest.newBuilder(door.url()).header("Host", host).build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(host).isEqualTo(421);
                assertThat(answer.body()).contains(door.url().toString());
                assertThat(seen).isNull();
            }
            for (String host : List.of("127.0.0.1:9000", "localhost", "shop.localhost:8080")) {
                assertThat(client.send(HttpRequest.newBuilder(door.url()).header("Host", host).build(),
                        HttpResponse.BodyHandlers.discarding()).statusCode()).as(host).isEqualTo(418);
            }
        }
    }

    @Test
    void takesNoBodyThatWouldFillTheMemory() throws Exception {
        try (FrontDoor door = new FrontDoor(0, localAws, () -> Optional.of("d1.cloudfront.net"))) {
            String largest = "x".repeat(16 * 1024 * 1024);

            assertThat(send(door, "/", "POST", largest).statusCode()).isEqualTo(418);
            assertThat(send(door, "/", "POST", largest + "x").statusCode()).isEqualTo(413);
        }
    }

    @Test
    void headHasNoBody() throws Exception {
        try (FrontDoor door = new FrontDoor(0, localAws, () -> Optional.of("d1.cloudfront.net"))) {
            HttpResponse<String> answer = send(door, "/", "HEAD", "");
            assertThat(answer.statusCode()).isEqualTo(418);
            assertThat(answer.body()).isEmpty();
        }
    }

    @Test
    void saysSoWhileNothingIsDeployed() throws Exception {
        try (FrontDoor door = new FrontDoor(0, localAws, Optional::empty)) {
            HttpResponse<String> answer = send(door, "/", "GET", "");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("make up");
        }
    }

    @Test
    void saysSoWhenLocalAwsIsGone() throws Exception {
        URI nothing = URI.create("http://127.0.0.1:" + freePort());
        try (FrontDoor door = new FrontDoor(0, nothing, () -> Optional.of("d1.cloudfront.net"))) {
            HttpResponse<String> answer = send(door, "/", "GET", "");
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("make status");
        }
    }

    @Test
    void takesTheNextPortWhenTheFirstIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                FrontDoor door = new FrontDoor(taken.getLocalPort(), localAws, Optional::empty)) {
            assertThat(door.url().getPort()).isGreaterThan(taken.getLocalPort());
        }
    }

    private static HttpResponse<String> send(FrontDoor door, String path, String method, String body) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(door.url() + path)).header("X-Custom", "kept")
                            .method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
