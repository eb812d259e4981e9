package webapp.core.http;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import webapp.core.time.Deadline;

/**
 * Reads the event of a Lambda proxy integration, of a REST API or of an HTTP API in either payload format, token by token: binding it to
 * the classes of aws-lambda-java-events costs hundreds of milliseconds at a cold start.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html">REST APIs</a>
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">HTTP APIs</a>
 */
final class RequestReader {
    /** A REST API's is a UUID, an HTTP API's is base64. */
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9_=-]{1,64}");

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> query = new HashMap<>();
    private final Map<String, String> path = new HashMap<>();
    private final Map<String, String> claims = new HashMap<>();
    private final Map<String, String> authorizerContext = new HashMap<>();
    private final List<String> cookies = new ArrayList<>();
    private EventFormat format = EventFormat.V1;
    private String method;
    private String resource;
    private String routeKey;
    private String rawQuery;
    private String userArn;
    private String apiKeyId;
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
        if (reader.format == EventFormat.V2) {
            reader.finishV2();
        }
        if (reader.method == null || reader.resource == null) {
            throw new IOException("the event has no httpMethod or no resource, and no routeKey of a method and a path:"
                    + " it is not one of API Gateway's proxy integration");
        }
        return new Request(
                reader.method.toUpperCase(Locale.ROOT),
                reader.resource,
                reader.headers,
                reader.query,
                reader.path,
                reader.identity(),
                reader.requestId != null && REQUEST_ID.matcher(reader.requestId).matches()
                        ? reader.requestId
                        : lambdaRequestId,
                reader.body,
                reader.base64Encoded,
                reader.format,
                deadline,
                logger);
    }

    private void readEvent(JsonParser json) throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "version" -> format = "2.0".equals(json.getValueAsString()) ? EventFormat.V2 : EventFormat.V1;
                case "routeKey" -> routeKey = json.getValueAsString();
                case "rawQueryString" -> rawQuery = json.getValueAsString();
                case "cookies" -> cookies.addAll(readList(json));
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
                    userArn = identity.get("userArn");
                    apiKeyId = identity.get("apiKeyId");
                }
                case "authorizer" -> readAuthorizer(json);
                default -> json.skipChildren();
            }
        }
    }

    /**
     * Format 1.0 has the claims, or else what a Lambda authorizer adds, member by member; format 2.0 has one member for the kind of
     * authorizer.
     */
    private void readAuthorizer(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            switch (field) {
                case "claims" -> readScalars(json, claims);
                case "jwt" -> readJwt(json);
                case "lambda" -> readScalars(json, authorizerContext);
                case "iam" -> {
                    Map<String, String> iam = new HashMap<>();
                    readTexts(json, iam);
                    userArn = iam.get("userArn");
                }
                default -> readScalar(json, field, authorizerContext);
            }
        }
    }

    private void readJwt(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            json.nextToken();
            if (field.equals("claims")) {
                readScalars(json, claims);
            } else {
                json.skipChildren();
            }
        }
    }

    /** Our Lambda authorizer names a partner, or passes on the claims of a token that it has verified. */
    private Identity identity() {
        String partnerId = authorizerContext.get("partnerId");
        boolean passedOn = claims.isEmpty() && partnerId == null && authorizerContext.containsKey("iss");
        return new Identity(userArn, apiKeyId, partnerId, passedOn ? authorizerContext : claims);
    }

    private void finishV2() {
        int space = routeKey == null ? -1 : routeKey.indexOf(' ');
        if (space > 0) {
            method = routeKey.substring(0, space);
            resource = routeKey.substring(space + 1);
        }
        if (!cookies.isEmpty()) {
            headers.put("Cookie", List.of(String.join("; ", cookies)));
        }
        // Where a parameter is repeated, queryStringParameters has one value with commas in it, as if they were the client's.
        if (rawQuery != null) {
            query.clear();
            for (String pair : rawQuery.split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = decode(equals < 0 ? pair : pair.substring(0, equals));
                    query.computeIfAbsent(name, key -> new ArrayList<>()).add(equals < 0 ? "" : decode(pair.substring(equals + 1)));
                }
            }
        }
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not encoded, then: the operation decides what it makes of such a value.
            return text;
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
            if (json.nextToken() == JsonToken.START_ARRAY) {
                target.put(name, readList(json));
            } else {
                json.skipChildren();
            }
        }
    }

    private static List<String> readList(JsonParser json) throws IOException {
        List<String> values = new ArrayList<>();
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                values.add(json.getValueAsString());
                json.skipChildren();
            }
        }
        return values;
    }

    /** Keeps the members of an object that are texts, numbers, truths or lists of them. */
    private static void readScalars(JsonParser json, Map<String, String> target) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            readScalar(json, name, target);
        }
    }

    private static void readScalar(JsonParser json, String name, Map<String, String> target) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            target.put(name, "[" + String.join(" ", readList(json)) + "]");
        } else if (json.currentToken().isScalarValue() && json.currentToken() != JsonToken.VALUE_NULL) {
            target.put(name, json.getText());
        } else {
            json.skipChildren();
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
