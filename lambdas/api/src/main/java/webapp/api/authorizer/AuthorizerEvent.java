package webapp.api.authorizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What API Gateway asks an authorizer: of a REST API with TOKEN or REQUEST, of an HTTP API with payload format 1.0 or 2.0.
 *
 * @param credentials every value of the header Authorization
 * @param arn of the request: its method and path are the client's, its beginning is API Gateway's
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html">REST API</a>
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html">HTTP API</a>
 */
record AuthorizerEvent(List<String> credentials, String arn) {
    private static final JsonFactory JSON = new JsonFactory();

    /** One space, as RFC 9110 has it; the token's own form is checked where it is parsed. */
    private static final Pattern BEARER = Pattern.compile("[Bb][Ee][Aa][Rr][Ee][Rr] ([^ ]+)");

    private static final Pattern ARN = Pattern.compile(
            "(arn:aws[a-z0-9-]*:execute-api:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+/[A-Za-z0-9_$-]+)/.*", Pattern.DOTALL);

    static AuthorizerEvent read(InputStream event) throws IOException {
        List<String> token = new ArrayList<>();
        List<String> single = new ArrayList<>();
        List<String> multiple = new ArrayList<>();
        String type = null;
        String arn = null;
        try (JsonParser json = JSON.createParser(event)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("the event is no JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "type" -> type = json.getValueAsString();
                    case "methodArn", "routeArn" -> arn = json.getValueAsString();
                    case "authorizationToken" -> readValues(json, token);
                    case "headers" -> readAuthorization(json, single);
                    case "multiValueHeaders" -> readAuthorization(json, multiple);
                    default -> json.skipChildren();
                }
            }
        }
        if (arn == null) {
            throw new IOException("the event has neither methodArn nor routeArn: it is not one of an authorizer");
        }
        return new AuthorizerEvent("TOKEN".equals(type) ? token : multiple.isEmpty() ? single : multiple, arn);
    }

    private static void readAuthorization(JsonParser json, List<String> values) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean authorization = json.currentName().equalsIgnoreCase("Authorization");
            json.nextToken();
            if (authorization) {
                readValues(json, values);
            } else {
                json.skipChildren();
            }
        }
    }

    private static void readValues(JsonParser json, List<String> values) throws IOException {
        if (json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                readValues(json, values);
            }
        } else if (json.currentToken() == JsonToken.VALUE_STRING) {
            values.add(json.getText());
        } else {
            json.skipChildren();
        }
    }

    /** @throws TokenRefused if there is not exactly one bearer token */
    String bearerToken() throws TokenRefused {
        if (credentials.size() != 1) {
            throw new TokenRefused(credentials.isEmpty() ? "absent" : "more than one header Authorization");
        }
        Matcher bearer = BEARER.matcher(credentials.getFirst());
        if (!bearer.matches()) {
            throw new TokenRefused("no bearer token");
        }
        return bearer.group(1);
    }

    /**
     * @return the ARN of the API's stage, without a slash at its end: {@code arn:aws:execute-api:REGION:ACCOUNT:API/STAGE}
     * @throws IOException if API Gateway's ARN is not one: a policy made of it could mean anything
     */
    String stageArn() throws IOException {
        Matcher matcher = ARN.matcher(arn);
        if (!matcher.matches()) {
            throw new IOException("the event's ARN is not one of a request to an API's stage");
        }
        return matcher.group(1);
    }
}
