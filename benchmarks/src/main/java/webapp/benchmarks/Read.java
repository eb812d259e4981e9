package webapp.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A request for one row of {@link TestBed}, and the only answer to it that counts. */
enum Read {
    USER("/users/{userId}", "userId", TestBed.USER_ID, 200, "application/json", """
            {"userId": "%s", "name": "Grace Hopper", "email": "Grace@example.com", "phone": "+491700000001",
            "createdAt": "2026-01-02T03:04:05.678Z"}""".formatted(TestBed.USER_ID)),
    PRODUCT("/products/{productId}", "productId", TestBed.PRODUCT_ID, 200, "application/json", """
            {"productId": "%s", "name": "Enamel mug", "category": "kitchen", "description": "Survives the dishwasher and the campfire.",
            "priceCents": 1250, "currency": "EUR", "supplier": "birch"}""".formatted(TestBed.PRODUCT_ID)),
    ABSENT_PRODUCT("/products/{productId}", "productId", "no-such-product", 404, "application/problem+json", """
            {"type": "/problems/product-not-found", "title": "Product not found", "status": 404,
            "detail": "There is no product with this identifier.", "correlationId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"}""");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String resource;
    private final String parameter;
    private final String id;
    private final int status;
    private final String mediaType;
    private final String body;

    Read(String resource, String parameter, String id, int status, String mediaType, String body) {
        this.resource = resource;
        this.parameter = parameter;
        this.id = id;
        this.status = status;
        this.mediaType = mediaType;
        this.body = body;
    }

    /** As a REST API's proxy integration sends it, signed, which only the read of a user asks for. */
    byte[] event(Path checkout) throws IOException {
        String path = resource.replace("{" + parameter + "}", id);
        ObjectNode event =
                (ObjectNode) JSON.readTree(Files.readString(checkout.resolve("lambdas/api/src/test/resources/events/get-user.json")));
        event.put("resource", resource).put("path", path).putObject("pathParameters").put(parameter, id);
        ((ObjectNode) event.get("requestContext")).put("resourcePath", resource).put("path", "/api" + path);
        return JSON.writeValueAsBytes(event);
    }

    /** @throws IOException if the answer has another status, media type or body: then nothing is measured */
    void check(String who, String answer) throws IOException {
        JsonNode is = JSON.readTree(answer);
        JsonNode contentType = is.path("headers").path("Content-Type");
        if (contentType.isMissingNode()) {
            contentType = is.path("multiValueHeaders").path("Content-Type").path(0);
        }
        if (is.path("statusCode").asInt() != status
                || !contentType.asText().equals(mediaType)
                || !JSON.readTree(is.path("body").asText()).equals(JSON.readTree(body))) {
            throw new IOException(who + " answers " + this + " with " + answer + ", not with " + status + ", " + mediaType + ", " + body);
        }
    }
}
