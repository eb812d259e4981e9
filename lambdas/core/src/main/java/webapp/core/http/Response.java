package webapp.core.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import webapp.core.problem.FieldError;
import webapp.core.problem.ProblemException;

/** An answer of the API; {@link #header} adds to it. */
public final class Response {
    static final JsonFactory JSON = new JsonFactory();

    /** Writes the members of the answer's object. */
    @FunctionalInterface
    public interface Members {
        void write(JsonGenerator json) throws IOException;
    }

    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final String body;

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
        // Answers hold personal data or the state of this moment: nobody on the way may keep them, nobody may guess their type.
        headers.put("Cache-Control", "no-store");
        headers.put("X-Content-Type-Options", "nosniff");
    }

    public static Response json(int status, Members members) {
        return new Response(status, "application/json", members);
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
        problem.headers().forEach(response::header);
        return response;
    }

    public Response header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public int status() {
        return status;
    }

    /** Writes the answer as API Gateway's Lambda proxy integration expects it. */
    void writeTo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("statusCode", status);
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        json.writeStringField("body", body);
        json.writeBooleanField("isBase64Encoded", false);
        json.writeEndObject();
    }
}
