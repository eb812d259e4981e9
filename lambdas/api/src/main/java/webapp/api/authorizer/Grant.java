package webapp.api.authorizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * An authorizer's answer: one resource that may be invoked, and nothing else. API Gateway keeps it for the token and applies it to
 * every later request with it, to whatever path: so it never depends on the path of the request that it was made for.
 *
 * @param resource ARN, with wildcards
 * @param context what the function behind the API gets to know; flat, since a REST API takes no objects
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html">API Gateway</a>
 */
record Grant(String principalId, String resource, Map<String, String> context) {
    private static final JsonFactory JSON = new JsonFactory();

    void writeTo(OutputStream output) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(output)) {
            json.writeStartObject();
            json.writeStringField("principalId", principalId);
            json.writeObjectFieldStart("policyDocument");
            json.writeStringField("Version", "2012-10-17");
            json.writeArrayFieldStart("Statement");
            json.writeStartObject();
            json.writeStringField("Effect", "Allow");
            json.writeStringField("Action", "execute-api:Invoke");
            json.writeArrayFieldStart("Resource");
            json.writeString(resource);
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeObjectFieldStart("context");
            for (Map.Entry<String, String> entry : context.entrySet()) {
                json.writeStringField(entry.getKey(), entry.getValue());
            }
            json.writeEndObject();
            json.writeEndObject();
        }
    }
}
