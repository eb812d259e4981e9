package webapp.core.http;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import webapp.core.time.Deadline;

/**
 * Reads the event of a REST API's Lambda proxy integration, token by token: binding it to the class of
 * aws-lambda-java-events costs hundreds of milliseconds at a cold start.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html">API Gateway</a>
 */
final class RequestReader {
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> query = new HashMap<>();
    private final Map<String, String> path = new HashMap<>();
    private String method;
    private String resource;
    private String callerArn;
    private String requestId;
    private String body;
    private boolean base64Encoded;

    private RequestReader() {}

    /**
     * @param lambdaRequestId the correlation id of an event without a usable one: a test from the console has none, and a client
     *     can send any text as its own (x-amzn-RequestId)
     * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html">Logging of API Gateway</a>
     */
    static Request read(InputStream event, String lambdaRequestId, Deadline deadline, LambdaLogger logger)
            throws IOException {
        RequestReader reader = new RequestReader();
        try (JsonParser json = Response.JSON.createParser(event)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the event is no JSON object");
            }
            reader.readEvent(json);
        }
        if (reader.method == null || reader.resource == null) {
            throw new IOException("the event has no httpMethod or no resource: it is not one of a REST API's proxy integration");
        }
        return new Request(
                reader.method.toUpperCase(Locale.ROOT),
                reader.resource,
                reader.headers,
                reader.query,
                reader.path,
                reader.callerArn,
                reader.requestId != null && REQUEST_ID.matcher(reader.requestId).matches()
                        ? reader.requestId
                        : lambdaRequestId,
                reader.body,
                reader.base64Encoded,
                deadline,
                logger);
    }

    private void readEvent(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "httpMethod" -> method = json.getValueAsString();
                case "resource" -> resource = json.getValueAsString();
                case "headers" -> readValues(json, headers);
                case "multiValueHeaders" -> readLists(json, headers);
                case "queryStringParameters" -> readValues(json, query);
                case "multiValueQueryStringParameters" -> readLists(json, query);
                case "pathParameters" -> readTexts(json, path);
                case "requestContext" -> readContext(json);
                case "body" -> body = json.getValueAsString();
                case "isBase64Encoded" -> base64Encoded = json.getValueAsBoolean();
                default -> json.skipChildren();
            }
        }
    }

    private void readContext(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "requestId" -> requestId = json.getValueAsString();
                case "identity" -> {
                    Map<String, String> identity = new HashMap<>();
                    readTexts(json, identity);
                    callerArn = identity.get("userArn");
                }
                default -> json.skipChildren();
            }
        }
    }

    /** The single-value form counts only where the multi-value form, which has every value, is absent. */
    private static void readValues(JsonParser json, Map<String, List<String>> target) throws IOException {
        Map<String, String> values = new HashMap<>();
        readTexts(json, values);
        values.forEach((name, value) -> target.putIfAbsent(name, List.of(value)));
    }

    private static void readLists(JsonParser json, Map<String, List<String>> target) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            List<String> values = new ArrayList<>();
            if (json.nextToken() == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    values.add(json.getValueAsString());
                    json.skipChildren();
                }
                target.put(name, values);
            } else {
                json.skipChildren();
            }
        }
    }

    /** Keeps the members of an object that are texts; null and anything else is left out. */
    private static void readTexts(JsonParser json, Map<String, String> target) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                target.put(name, json.getText());
            } else {
                json.skipChildren();
            }
        }
    }
}
