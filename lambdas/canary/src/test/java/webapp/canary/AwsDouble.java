package webapp.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.thirdparty.jackson.core.JsonGenerator;
import software.amazon.awssdk.thirdparty.jackson.core.JsonParser;
import software.amazon.awssdk.thirdparty.jackson.core.JsonToken;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORFactory;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORGenerator;

/**
 * Aliases and versions of Lambda and alarms of CloudWatch over HTTP, as documented: statuses, error types and revisions. A test can have
 * the next calls of an operation go wrong.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html">UpdateAlias</a>
 * @see <a href="https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html">Smithy RPC v2 CBOR, which CloudWatch speaks</a>
 */
final class AwsDouble implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ALIAS = Pattern.compile("/2015-03-31/functions/([^/]+)/aliases/([^/]+)");
    private static final Pattern CONFIGURATION = Pattern.compile("/2015-03-31/functions/([^/]+)/configuration");

    /** What happens to a call. */
    @FunctionalInterface
    interface Fault {
        /** @return the answer; null to answer as usual */
        Answer run(Call call);

        /** An error as Lambda sends it. */
        static Fault error(int status, String type, String message) {
            return call -> new Answer(status, type, ("{\"Type\":\"User\",\"Message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
        }

        static Fault hangUp() {
            return call -> Answer.NONE;
        }

        /** Carries the call out, and hangs up instead of answering. */
        static Fault hangUpAfterwards() {
            return call -> {
                call.run();
                return Answer.NONE;
            };
        }

        /** Somebody else is quicker. */
        static Fault after(Runnable other) {
            return call -> {
                other.run();
                return null;
            };
        }
    }

    @FunctionalInterface
    interface Call {
        Answer run();
    }

    record Answer(int status, String errorType, byte[] body) {
        /** The connection ends. */
        static final Answer NONE = new Answer(0, null, new byte[0]);
    }

    /** An alias as Lambda has it. */
    record Alias(String version, Map<String, Double> weights, String description, int revision) {}

    private record Alarm(String state, Instant since, boolean composite) {}

    /** Operations in the order of their calls. */
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Alias> aliases = new ConcurrentHashMap<>();
    private final Map<String, String> states = new ConcurrentHashMap<>();
    private final Map<String, Alarm> alarms = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentLinkedDeque<Fault>> faults = new ConcurrentHashMap<>();
    private final HttpServer server;
    private volatile int crashAt = Integer.MAX_VALUE;

    AwsDouble() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    LambdaClient lambda() {
        return configured(LambdaClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder())).build();
    }

    CloudWatchClient cloudWatch() {
        return configured(CloudWatchClient.builder().httpClientBuilder(UrlConnectionHttpClient.builder())).build();
    }

    /** The SDK's own repetitions, without its pauses. */
    private <B extends AwsClientBuilder<B, C>, C> B configured(B builder) {
        return builder
                .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
                .overrideConfiguration(client -> client.apiCallTimeout(Duration.ofSeconds(20)).retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .backoffStrategy(BackoffStrategy.retryImmediately())
                                .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
                                .build()));
    }

    void alias(String function, String version, Map<String, Double> weights, String description) {
        aliases.merge(function, new Alias(version, weights, description, 1),
                (before, set) -> new Alias(version, weights, description, before.revision() + 1));
    }

    Alias alias(String function) {
        return aliases.get(function);
    }

    /** @param state Pending, Active, Inactive or Failed */
    void version(String function, String version, String state) {
        states.put(function + ":" + version, state);
    }

    void alarm(String name, String state, Instant since) {
        alarms.put(name, new Alarm(state, since, false));
    }

    void compositeAlarm(String name, String state, Instant since) {
        alarms.put(name, new Alarm(state, since, true));
    }

    void removeAlarm(String name) {
        alarms.remove(name);
    }

    void fail(String operation, Fault... next) {
        faults.computeIfAbsent(operation, key -> new ConcurrentLinkedDeque<>()).addAll(List.of(next));
    }

    /** The call of this number, and each after it, is refused as a call without permission is, which nobody repeats. */
    void crashAtCall(int number) {
        crashAt = number;
        calls.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] request = exchange.getRequestBody().readAllBytes();
        Matcher alias = ALIAS.matcher(path);
        Matcher configuration = CONFIGURATION.matcher(path);
        String operation;
        Call call;
        if (alias.matches()) {
            boolean reads = exchange.getRequestMethod().equals("GET");
            operation = reads ? "GetAlias" : "UpdateAlias";
            call = reads ? () -> answer(200, describe(alias.group(1), alias.group(2))) : () -> update(alias.group(1), alias.group(2), request);
        } else if (configuration.matches()) {
            operation = "GetFunctionConfiguration";
            String version = exchange.getRequestURI().getQuery().replaceFirst("Qualifier=", "");
            call = () -> configuration(configuration.group(1), version);
        } else if (path.endsWith("/operation/DescribeAlarms")) {
            operation = "DescribeAlarms";
            call = () -> describeAlarms(request);
        } else {
            throw new IllegalStateException("unexpected request: " + exchange.getRequestMethod() + " " + path);
        }
        calls.add(operation);
        Fault fault = calls.size() >= crashAt ? Fault.error(403, "AccessDeniedException", "not allowed")
                : faults.getOrDefault(operation, new ConcurrentLinkedDeque<>()).poll();
        Answer answer = fault == null ? null : fault.run(call);
        send(exchange, answer == null ? call.run() : answer);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        if (answer.status() != 0) {
            boolean cbor = exchange.getRequestURI().getPath().contains("/operation/");
            exchange.getResponseHeaders().add("Content-Type", cbor ? "application/cbor" : "application/json");
            if (cbor) {
                exchange.getResponseHeaders().add("smithy-protocol", "rpc-v2-cbor");
            }
            if (answer.errorType() != null) {
                exchange.getResponseHeaders().add("x-amzn-ErrorType", answer.errorType());
            }
            exchange.sendResponseHeaders(answer.status(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
        exchange.close();
    }

    private ObjectNode describe(String function, String name) {
        Alias alias = aliases.get(function);
        ObjectNode json = JSON.createObjectNode()
                .put("AliasArn", "arn:aws:lambda:eu-central-1:111122223333:function:" + function + ":" + name)
                .put("Name", name)
                .put("FunctionVersion", alias.version())
                .put("Description", alias.description())
                .put("RevisionId", "revision-" + alias.revision());
        // Lambda leaves it out when there are no weights.
        if (!alias.weights().isEmpty()) {
            ObjectNode weights = json.putObject("RoutingConfig").putObject("AdditionalVersionWeights");
            alias.weights().forEach(weights::put);
        }
        return json;
    }

    private synchronized Answer update(String function, String name, byte[] request) {
        Alias before = aliases.get(function);
        JsonNode json = parse(request);
        if (json.has("RevisionId") && !json.get("RevisionId").asText().equals("revision-" + before.revision())) {
            return Fault.error(412, "PreconditionFailedException", "The RevisionId provided does not match the latest RevisionId").run(null);
        }
        if (json.path("Description").asText().length() > 256) {
            return Fault.error(400, "InvalidParameterValueException", "description: Member must have length less than or equal to 256").run(null);
        }
        Map<String, Double> weights = before.weights();
        if (json.has("RoutingConfig")) {
            weights = new TreeMap<>();
            for (Map.Entry<String, JsonNode> weight : json.path("RoutingConfig").path("AdditionalVersionWeights").properties()) {
                weights.put(weight.getKey(), weight.getValue().asDouble());
            }
        }
        aliases.put(function, new Alias(
                json.path("FunctionVersion").asText(before.version()),
                weights,
                json.path("Description").asText(before.description()),
                before.revision() + 1));
        return answer(200, describe(function, name));
    }

    private Answer configuration(String function, String version) {
        String state = states.getOrDefault(function + ":" + version, "Active");
        ObjectNode json = JSON.createObjectNode().put("FunctionName", function).put("Version", version).put("State", state);
        if (state.equals("Failed")) {
            json.put("StateReasonCode", "FunctionError").put("StateReason", "the class threw");
        }
        return answer(200, json);
    }

    private Answer describeAlarms(byte[] request) {
        List<String> names = new ArrayList<>();
        List<String> types = new ArrayList<>();
        try (JsonParser parser = new CBORFactory().createParser(request)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    (parser.getParsingContext().getParent().getCurrentName().equals("AlarmNames") ? names : types).add(parser.getText());
                }
            }
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            try (CBORGenerator cbor = new CBORFactory().createGenerator(body)) {
                cbor.writeStartObject();
                write(cbor, "MetricAlarms", names, types.isEmpty() || types.contains("MetricAlarm"), false);
                write(cbor, "CompositeAlarms", names, types.contains("CompositeAlarm"), true);
                cbor.writeEndObject();
            }
            return new Answer(200, null, body.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write(CBORGenerator cbor, String list, List<String> names, boolean asked, boolean composite) throws IOException {
        cbor.writeArrayFieldStart(list);
        for (String name : names) {
            Alarm alarm = alarms.get(name);
            if (asked && alarm != null && alarm.composite() == composite) {
                cbor.writeStartObject();
                cbor.writeStringField("AlarmName", name);
                cbor.writeStringField("StateValue", alarm.state());
                cbor.writeFieldName("StateTransitionedTimestamp");
                time(cbor, alarm.since());
                cbor.writeEndObject();
            }
        }
        cbor.writeEndArray();
    }

    /** A point in time is a number of seconds under tag 1. */
    private static void time(JsonGenerator cbor, Instant time) throws IOException {
        ((CBORGenerator) cbor).writeTag(1);
        cbor.writeNumber(time.toEpochMilli() / 1000.0);
    }

    private static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer answer(int status, ObjectNode json) {
        return new Answer(status, null, json.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
