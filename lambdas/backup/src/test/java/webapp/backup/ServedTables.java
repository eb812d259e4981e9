package webapp.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import webapp.local.host.LoopbackServer;

/** {@link Tables} for other processes, on a free port of 127.0.0.1. */
public final class ServedTables implements AutoCloseable {
    private static final int MAXIMUM_REQUEST = 1024 * 1024;

    private final Tables tables = new Tables();
    private final LoopbackServer server = new LoopbackServer(0, MAXIMUM_REQUEST, this::answer);

    public ServedTables() throws IOException {
        // Nothing is in them.
    }

    public int port() {
        return server.port();
    }

    /** @return the sort keys of a partition */
    public List<String> keys(String table, String pk) {
        return tables.keys(table, pk);
    }

    private LoopbackServer.Response answer(LoopbackServer.Request request) {
        HttpExecuteRequest asked = HttpExecuteRequest.builder()
                .request(SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(URI.create("http://127.0.0.1"))
                        .putHeader("X-Amz-Target", request.headers().getOrDefault("X-Amz-Target", "")).build())
                .contentStreamProvider(() -> new ByteArrayInputStream(request.body()))
                .build();
        try {
            HttpExecuteResponse answer = tables.prepareRequest(asked).call();
            return new LoopbackServer.Response(answer.httpResponse().statusCode(), Map.of("Content-Type", "application/x-amz-json-1.0"),
                    answer.responseBody().orElseThrow().readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
