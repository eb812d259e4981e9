package webapp.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import webapp.core.configuration.Configuration;
import webapp.core.http.UserPool;
import webapp.core.testing.Invocation;

/** A request as API Gateway hands it to a function: as a REST API does (format 1.0), and as an HTTP API does (2.0). */
public final class Call {
    public static final UserPool POOL = UserPool.of(new Configuration(Map.of(
            "USER_POOL_ISSUER", "https://issuer.example.com",
            "USER_POOL_CLIENT_ID", "web-client",
            "MACHINE_CLIENT_IDS", "warehouse-client")));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String method;
    private final String resource;
    private final Map<String, String> path = new LinkedHashMap<>();
    private final Map<String, List<String>> query = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, String> claims = new LinkedHashMap<>();
    private String[] groups = {};
    private String partnerId;
    private String apiKeyId;
    private String body;

    private Call(String method, String resource) {
        this.method = method;
        this.resource = resource;
    }

    public static Call get(String resource) {
        return new Call("GET", resource);
    }

    public static Call post(String resource, String body) {
        return new Call("POST", resource).json(body);
    }

    public static Call put(String resource, String body) {
        return new Call("PUT", resource).json(body);
    }

    private Call json(String json) {
        this.body = json;
        return header("Content-Type", "application/json");
    }

    public Call path(String name, String value) {
        path.put(name, value);
        return this;
    }

    public Call parameter(String name, String... values) {
        query.put(name, List.of(values));
        return this;
    }

    /** @param value null for none */
    public Call header(String name, String value) {
        if (value != null) {
            headers.put(name, value);
        }
        return this;
    }

    public Call person(String subject, String... memberOf) {
        claims.putAll(Map.of(
                "iss", "https://issuer.example.com", "aud", "web-client", "token_use", "id", "sub", subject, "email",
                subject + "@example.com"));
        groups = memberOf;
        return this;
    }

    public Call machine(String scope) {
        claims.putAll(Map.of(
                "iss", "https://issuer.example.com", "client_id", "warehouse-client", "token_use", "access", "scope", scope));
        return this;
    }

    /** Another value of a claim, null for none. */
    public Call claim(String name, String value) {
        if (value == null) {
            claims.remove(name);
        } else {
            claims.put(name, value);
        }
        return this;
    }

    public Call partner(String id) {
        partnerId = id;
        return this;
    }

    public Call consumer(String id) {
        apiKeyId = id;
        return this;
    }

    /** Asks in both formats, which must be answered alike. An HTTP API has no API keys. */
    public Answer read(RequestStreamHandler handler) {
        Answer answer = to(handler);
        if (apiKeyId == null) {
            Answer other = Answer.ofEvent(handler, http());
            assertThat(other).isEqualTo(answer);
        }
        return answer;
    }

    /** Asks once, in format 1.0. */
    public Answer to(RequestStreamHandler handler) {
        return Answer.ofEvent(handler, rest());
    }

    public Answer to(RequestStreamHandler handler, Invocation invocation) {
        return Answer.ofEvent(handler, rest(), invocation);
    }

    public String rest() {
        ObjectNode event = fixture("rest");
        event.put("httpMethod", method).put("resource", resource).put("path", filledPath()).put("body", body);
        headers.forEach((name, value) -> {
            event.withObject("/headers").put(name, value);
            event.withObject("/multiValueHeaders").putArray(name).add(value);
        });
        if (!path.isEmpty()) {
            event.set("pathParameters", JSON.valueToTree(path));
        }
        if (!query.isEmpty()) {
            event.set("multiValueQueryStringParameters", JSON.valueToTree(query));
            query.forEach((name, values) -> event.withObject("/queryStringParameters").put(name, values.getLast()));
        }
        ObjectNode context = event.withObject("/requestContext");
        context.withObject("/identity").put("apiKeyId", apiKeyId);
        if (!claims.isEmpty()) {
            ObjectNode node = context.putObject("authorizer").putObject("claims");
            claims.forEach(node::put);
            if (groups.length > 0) {
                node.put("cognito:groups", String.join(",", groups));
            }
        } else if (partnerId != null) {
            context.putObject("authorizer").put("principalId", "partner/" + partnerId).put("partnerId", partnerId);
        }
        return event.toString();
    }

    public String http() {
        ObjectNode event = fixture("http");
        event.put("routeKey", method + " " + resource).put("rawPath", "/api" + filledPath());
        if (body != null) {
            event.put("body", body);
        }
        headers.forEach((name, value) -> event.withObject("/headers").put(name.toLowerCase(Locale.ROOT), value));
        if (!path.isEmpty()) {
            event.set("pathParameters", JSON.valueToTree(path));
        }
        List<String> pairs = new ArrayList<>();
        query.forEach((name, values) -> {
            event.withObject("/queryStringParameters").put(name, String.join(",", values));
            values.forEach(value -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        });
        event.put("rawQueryString", String.join("&", pairs));
        ObjectNode context = event.withObject("/requestContext");
        if (!claims.isEmpty()) {
            ObjectNode node = context.putObject("authorizer").putObject("jwt").putObject("claims");
            claims.forEach(node::put);
            if (groups.length > 0) {
                node.put("cognito:groups", "[" + String.join(" ", groups) + "]");
            }
        } else if (partnerId != null) {
            context.putObject("authorizer").putObject("lambda").put("partnerId", partnerId);
        }
        return event.toString();
    }

    private String filledPath() {
        String filled = resource;
        for (Map.Entry<String, String> parameter : path.entrySet()) {
            filled = filled.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        return filled;
    }

    private static ObjectNode fixture(String name) {
        try {
            return (ObjectNode) JSON.readTree(Files.readString(Path.of("src/test/resources/events", name + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
