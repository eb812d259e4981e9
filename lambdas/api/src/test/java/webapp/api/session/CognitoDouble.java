package webapp.api.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A user pool over HTTP, as far as the session needs it: statuses, error bodies and the header x-amzn-ErrorType as documented, user
 * existence hidden as with PreventUserExistenceErrors, the e-mail address an alias, in any case, of the user who confirmed it. A test
 * can have the next calls go wrong on the way.
 *
 * @see <a href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html">Amazon Cognito user pools API</a>
 */
final class CognitoDouble implements AutoCloseable {
    static final String CLIENT_ID = "1example23456789";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What happens to a call. */
    @FunctionalInterface
    interface Fault {
        /** @return whether the call is answered already, or never will be */
        boolean run(CognitoDouble pool, HttpExchange exchange, String operation, JsonNode request) throws IOException;

        static Fault refusal(String type, String message) {
            return (pool, exchange, operation, request) -> {
                pool.refuse(exchange, type, message);
                return true;
            };
        }

        static Fault status(int status, String body) {
            return (pool, exchange, operation, request) -> {
                pool.send(exchange, status, body);
                return true;
            };
        }

        static Fault hangUp() {
            return (pool, exchange, operation, request) -> {
                exchange.close();
                return true;
            };
        }

        /** Carries the call out, and hangs up instead of answering. */
        static Fault hangUpAfterwards() {
            return (pool, exchange, operation, request) -> {
                pool.answer(new Discarded(exchange), operation, request);
                exchange.close();
                return true;
            };
        }

        static Fault silence() {
            return (pool, exchange, operation, request) -> {
                try {
                    pool.closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.close();
                return true;
            };
        }
    }

    /** @param operation and the address or token it was about */
    record Call(String operation, JsonNode request) {}

    private record User(String email, String password, String code, boolean confirmed) {}

    final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    final Set<Integer> clientPorts = Collections.synchronizedSet(new HashSet<>());
    final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
    volatile boolean rotates;
    /** By their names, which signing up gives them. */
    private final Map<String, User> users = new ConcurrentHashMap<>();
    private final Map<String, String> sessions = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private int tokens;
    private int codes = 123456;

    CognitoDouble() {
        start(0);
    }

    private void start(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Closes every connection, as the other end of one that was frozen in a snapshot did. */
    void restart() {
        int port = server.getAddress().getPort();
        server.stop(0);
        start(port);
    }

    void stop() {
        server.stop(0);
    }

    String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":" + server.getAddress().getPort();
    }

    /** Makes a confirmed account. */
    String add(String email, String password) {
        return put(email, password, true);
    }

    String addUnconfirmed(String email, String password) {
        return put(email, password, false);
    }

    private synchronized String put(String email, String password, boolean confirmed) {
        String name = UUID.randomUUID().toString();
        users.put(name, new User(email, password, String.valueOf(codes++), confirmed));
        return name;
    }

    long accounts(String email) {
        return users.values().stream().filter(user -> user.email.equals(email)).count();
    }

    /** What was mailed for this account. */
    String code(String name) {
        return users.get(name).code;
    }

    private User byAlias(String email) {
        return users.values().stream().filter(user -> user.confirmed && user.email.equalsIgnoreCase(email)).findAny().orElse(null);
    }

    boolean isOpen(String refreshToken) {
        return sessions.containsKey(refreshToken);
    }

    List<String> operations() {
        return calls.stream().map(Call::operation).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        clientPorts.add(exchange.getRemoteAddress().getPort());
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
        if (!exchange.getRequestMethod().equals("POST")
                || !"application/x-amz-json-1.1".equals(exchange.getRequestHeaders().getFirst("Content-Type"))
                || target == null
                || !target.startsWith("AWSCognitoIdentityProviderService.")) {
            refuse(exchange, "UnknownOperationException", "");
            return;
        }
        String operation = target.substring(target.indexOf('.') + 1);
        calls.add(new Call(operation, request));
        Fault fault = faults.poll();
        if (fault == null || !fault.run(this, exchange, operation, request)) {
            answer(new Sent(exchange), operation, request);
        }
    }

    /** Where an answer goes. */
    private interface Answer {
        void ok(String body) throws IOException;

        void refuse(String type, String message) throws IOException;
    }

    private final class Sent implements Answer {
        private final HttpExchange exchange;

        private Sent(HttpExchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public void ok(String body) throws IOException {
            send(exchange, 200, body);
        }

        @Override
        public void refuse(String type, String message) throws IOException {
            CognitoDouble.this.refuse(exchange, type, message);
        }
    }

    private record Discarded(HttpExchange exchange) implements Answer {
        @Override
        public void ok(String body) {
            // Carried out, and nobody learns it.
        }

        @Override
        public void refuse(String type, String message) {
            // As above.
        }
    }

    private synchronized void answer(Answer answer, String operation, JsonNode request) throws IOException {
        if (!request.path("ClientId").asText().equals(CLIENT_ID)) {
            answer.refuse("ResourceNotFoundException", "User pool client " + request.path("ClientId").asText() + " does not exist.");
            return;
        }
        switch (operation) {
            case "SignUp" -> signUp(answer, request);
            case "ConfirmSignUp" -> confirm(answer, request);
            case "ResendConfirmationCode" -> resend(answer, request);
            case "InitiateAuth" -> initiate(answer, request);
            case "GetTokensFromRefreshToken" -> refresh(answer, request.path("RefreshToken").asText());
            case "RevokeToken" -> {
                sessions.remove(request.path("Token").asText());
                answer.ok("");
            }
            default -> answer.refuse("UnknownOperationException", operation);
        }
    }

    private void signUp(Answer answer, JsonNode request) throws IOException {
        String name = request.path("Username").asText();
        String password = request.path("Password").asText();
        if (name.contains("@")) {
            answer.refuse(
                    "InvalidParameterException", "Username cannot be of email format, since user pool is configured for email alias.");
        } else if (users.containsKey(name)) {
            answer.refuse("UsernameExistsException", "User already exists");
        } else if (password.chars().noneMatch(Character::isDigit)) {
            answer.refuse(
                    "InvalidPasswordException",
                    "Password did not conform with policy: Password must have numeric characters, and not " + password);
        } else {
            String email = request.at("/UserAttributes/0/Value").asText();
            users.put(name, new User(email, password, String.valueOf(codes++), false));
            answer.ok("{\"CodeDeliveryDetails\":{\"AttributeName\":\"email\",\"DeliveryMedium\":\"EMAIL\",\"Destination\":\"a***@e***\"},"
                    + "\"UserConfirmed\":false,\"UserSub\":\"d6a3c0b2-0000-4000-8000-000000000000\"}");
        }
    }

    private void confirm(Answer answer, JsonNode request) throws IOException {
        String name = request.path("Username").asText();
        User user = users.get(name);
        if (user == null) {
            answer.refuse("ExpiredCodeException", "Invalid code provided, please request a code again.");
        } else if (user.confirmed) {
            answer.refuse("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED");
        } else if (!request.path("ConfirmationCode").asText().equals(user.code)) {
            answer.refuse("CodeMismatchException", "Invalid verification code provided, please try again.");
        } else if (byAlias(user.email) != null && !request.path("ForceAliasCreation").asBoolean()) {
            answer.refuse("AliasExistsException", "An account with the given email already exists.");
        } else {
            users.put(name, new User(user.email, user.password, user.code, true));
            answer.ok("{}");
        }
    }

    private void resend(Answer answer, JsonNode request) throws IOException {
        User user = users.get(request.path("Username").asText());
        if (user != null && user.confirmed) {
            answer.refuse("InvalidParameterException", "User is already confirmed.");
        } else {
            answer.ok("{\"CodeDeliveryDetails\":{\"AttributeName\":\"email\",\"DeliveryMedium\":\"EMAIL\",\"Destination\":\"a***@e***\"}}");
        }
    }

    private void initiate(Answer answer, JsonNode request) throws IOException {
        if (!request.path("AuthFlow").asText().equals("USER_PASSWORD_AUTH")) {
            answer.refuse("InvalidParameterException", request.path("AuthFlow").asText() + " flow not enabled for this client");
            return;
        }
        String email = request.at("/AuthParameters/USERNAME").asText();
        User user = byAlias(email);
        if (user == null || !user.password.equals(request.at("/AuthParameters/PASSWORD").asText())) {
            answer.refuse("NotAuthorizedException", "Incorrect username or password.");
        } else {
            String refreshToken = "refresh." + ++tokens;
            sessions.put(refreshToken, email);
            answer.ok(tokens(refreshToken).toString());
        }
    }

    private void refresh(Answer answer, String refreshToken) throws IOException {
        String email = sessions.get(refreshToken);
        if (email == null) {
            answer.refuse("NotAuthorizedException", "Invalid Refresh Token");
            return;
        }
        String next = null;
        if (rotates) {
            next = "refresh." + ++tokens;
            sessions.remove(refreshToken);
            sessions.put(next, email);
        }
        answer.ok(tokens(next).toString());
    }

    private ObjectNode tokens(String refreshToken) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("ChallengeParameters");
        ObjectNode result = answer.putObject("AuthenticationResult")
                .put("IdToken", "id." + ++tokens)
                .put("AccessToken", "access." + tokens)
                .put("ExpiresIn", 900)
                .put("TokenType", "Bearer");
        if (refreshToken != null) {
            result.put("RefreshToken", refreshToken);
        }
        return answer;
    }

    private void refuse(HttpExchange exchange, String type, String message) throws IOException {
        exchange.getResponseHeaders().set("x-amzn-ErrorType", type + ":");
        exchange.getResponseHeaders().set("x-amzn-ErrorMessage", message);
        send(exchange, 400, JSON.createObjectNode().put("__type", type).put("message", message).toString());
    }

    private void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
