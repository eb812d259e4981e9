package webapp.local.rds;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import webapp.local.host.LoopbackServer.Request;
import webapp.local.host.LoopbackServer.Response;

/** An SDK's HTTP client that calls the double in the caller's thread. */
final class DirectHttpClient implements SdkHttpClient {
    private final Function<Request, Response> server;

    DirectHttpClient(Function<Request, Response> server) {
        this.server = server;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Direct(() -> send(request));
    }

    private record Direct(Callable<HttpExecuteResponse> sending) implements ExecutableHttpRequest {
        @Override
        public HttpExecuteResponse call() throws IOException {
            try {
                return sending.call();
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException("Sending a request to the double", e);
            }
        }

        @Override
        public void abort() {}
    }

    private HttpExecuteResponse send(HttpExecuteRequest sent) throws IOException {
        SdkHttpRequest http = sent.httpRequest();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        http.forEachHeader((name, values) -> headers.put(name, values.get(0)));
        byte[] body = new byte[0];
        if (sent.contentStreamProvider().isPresent()) {
            try (InputStream content = sent.contentStreamProvider().get().newStream()) {
                body = content.readAllBytes();
            }
        }
        String path = http.encodedPath().isEmpty() ? "/" : http.encodedPath();
        String query = http.encodedQueryParameters().map(q -> "?" + q).orElse("");
        Response response = server.apply(new Request(http.method().name(), path + query, headers, body, body.length));
        if (response == null) {
            throw new SocketException("Unexpected end of file from server");
        }
        SdkHttpFullResponse.Builder answer = SdkHttpFullResponse.builder().statusCode(response.status())
                .putHeader("Content-Length", Integer.toString(response.body().length));
        response.headers().forEach(answer::putHeader);
        boolean head = http.method().name().equals("HEAD");
        AbortableInputStream content = AbortableInputStream.create(new ByteArrayInputStream(head ? new byte[0] : response.body()));
        return HttpExecuteResponse.builder().response(answer.build()).responseBody(content).build();
    }

    @Override
    public void close() {}

    @Override
    public String clientName() {
        return "RdsDouble";
    }
}
