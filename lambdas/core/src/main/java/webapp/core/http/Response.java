package webapp.core.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;

/** An answer of the API; {@link #header} and {@link #cookie} add to it. */
public final class Response {
    static final JsonFactory JSON = new JsonFactory();

    /** Writes the members of the answer's object. */
    @FunctionalInterface
    public interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> cookies = new ArrayList<>();
    private final String body;

    /** Without a body. */
    private Response(int status) {
        this.status = status;
        this.body = null;
        addSecurityHeaders();
    }

    private Response(int status, String mediaType, Members members) {
        this.status = status;
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the answer", e);
        }
        this.body = text.toString();
        headers.put("Content-Type", mediaType);
        addSecurityHeaders();
    }

    private void addSecurityHeaders() {
        // Answers hold personal data or the state of this moment: nobody on the way may keep them, nobody may guess their type.
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
    }

    public static Response json(int status, Members members) {
        return new Response(status, "application/json", members);
    }

    /** @return 204, which has no body */
    public static Response noContent() {
        return new Response(204);
    }

    /**
     * Makes a cheap answer of a public one that the client has already: adds its ETag, lets caches keep it on condition that they ask
     * again each time, and says 304 if the client did.
     *
     * @param request the one that this answers, whose {@code If-None-Match} counts
     * @return this, or 304 without a body
     */
    public Response unlessUnchanged(Request request) {
        EntityTag tag = EntityTag.of(body);
        Response answer = tag.isAmong(request.headers().getOrDefault("If-None-Match", List.of())) ? new Response(304) : this;
        return answer.header("ETag", tag.toString()).header("Cache-Control", "no-cache");
    }

    static Response problem(ProblemException problem, String correlationId) {
        Response response = new Response(problem.type().status(), "application/problem+json", json -> {
            json.writeStringField("type", "/problems/" + problem.type().slug());
            json.writeStringField("title", problem.type().title());
            json.writeNumberField("status", problem.type().status());
            json.writeStringField("detail", problem.getMessage());
            if (!problem.errors().isEmpty()) {
                json.writeArrayFieldStart("errors");
                for (FieldError error : problem.errors()) {
                    json.writeStartObject();
                    json.writeStringField("pointer", error.pointer());
                    json.writeStringField("detail", error.detail());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeStringField("correlationId", correlationId);
        });
        problem.headers().forEach((name, value) -> {
            if (name.equals("Set-Cookie")) {
                response.cookie(value);
            } else {
                response.header(name, value);
            }
        });
        return response;
    }

    public Response header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** @param cookie a value of the header {@code Set-Cookie}; each is a header of its own */
    public Response cookie(String cookie) {
        cookies.add(cookie);
        return this;
    }

    public int status() {
        return status;
    }

    /** Writes the answer as API Gateway's Lambda proxy integration expects it in return for an event of this format. */
    void writeTo(JsonGenerator json, EventFormat format) throws IOException {
        json.writeStartObject();
        json.writeNumberField("statusCode", status);
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        if (!cookies.isEmpty()) {
            writeCookies(json, format);
        }
        if (body != null) {
            json.writeStringField("body", body);
        }
        json.writeBooleanField("isBase64Encoded", false);
        json.writeEndObject();
    }

    private void writeCookies(JsonGenerator json, EventFormat format) throws IOException {
        if (format == EventFormat.V1) {
            json.writeObjectFieldStart("multiValueHeaders");
        }
        json.writeArrayFieldStart(format == EventFormat.V1 ? "Set-Cookie" : "cookies");
        for (String cookie : cookies) {
            json.writeString(cookie);
        }
        json.writeEndArray();
        if (format == EventFormat.V1) {
            json.writeEndObject();
        }
    }
}
