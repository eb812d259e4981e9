package webapp.api.session;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import webapp.api.http.HttpCalls;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.http.Response;
import webapp.core.http.StrictJson;
import webapp.core.problem.ProblemException;
import webapp.core.time.Deadline;

/**
 * The operations of a Cognito user pool that need no credentials, as an application client without a secret calls them. They are plain
 * JSON over HTTPS; the AWS SDK's client would more than double the jar (docs/decisions/0005).
 *
 * <p>What failed on the way is tried once more if that repeats nothing, or nothing that matters: {@link Repeat}.
 *
 * @see <a href="https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/Welcome.html">Amazon Cognito user pools API</a>
 */
final class Cognito {
    /** What a call may be, if it got no answer. */
    enum Repeat {
        /** Carried out twice it has the effect of once, or the second time says that it was carried out. */
        ALWAYS,
        /** Carried out twice it would send another code, count another attempt, or refuse what it has just accepted. */
        IF_UNSENT
    }

    private static final String TARGET = "AWSCognitoIdentityProviderService.";
    private static final int LONGEST_ANSWER = 256 * 1024;

    /** A person waits no longer, and Cognito usually answers within one second. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int RETRY_AFTER_SECONDS = 5;
    private static final int RETRY_AFTER_THROTTLE_SECONDS = 2;
    private static final long SHORTEST_PAUSE_MILLIS = 50;
    private static final int LONGEST_MORE_PAUSE_MILLIS = 200;
    private static final Set<String> THROTTLED =
            Set.of("TooManyRequestsException", "ThrottlingException", "Throttling", "RequestThrottledException");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}");
    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9_+]{1,128}");
    private static final JsonFactory JSON = new JsonFactory();

    /** Its seed is renewed after a restore, unlike ThreadLocalRandom's: environments of one snapshot must not pause in step. */
    private final SecureRandom random = new SecureRandom();

    private final URI endpoint;
    private final String clientId;
    private final HttpCalls calls;
    private final Pauses pauses;

    /** Waits; a test records that instead. */
    @FunctionalInterface
    interface Pauses {
        void pause(long millis) throws InterruptedException;
    }

    Cognito(Configuration configuration, HttpCalls calls, Pauses pauses) {
        this.endpoint = endpoint(configuration);
        this.clientId = configuration.text("USER_POOL_CLIENT_ID");
        if (!CLIENT_ID.matcher(clientId).matches()) {
            throw new ConfigurationException("USER_POOL_CLIENT_ID is no id of a user pool's application client");
        }
        this.calls = calls;
        this.pauses = pauses;
    }

    /** Of the region and its partition, unless the variables of every AWS SDK name another. */
    static URI endpoint(Configuration configuration) {
        String given = configuration.optionalText("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER");
        if (given == null) {
            given = configuration.optionalText("AWS_ENDPOINT_URL");
        }
        if (given != null) {
            if (!given.startsWith("https://") && !given.startsWith("http://")) {
                throw new ConfigurationException("AWS_ENDPOINT_URL is '" + given + "': set it to a URL, or leave it out");
            }
            return URI.create(given.endsWith("/") ? given : given + "/");
        }
        String region = configuration.text("AWS_REGION");
        if (!REGION.matcher(region).matches()) {
            throw new ConfigurationException("AWS_REGION is '" + region + "', which is no region");
        }
        return URI.create("https://cognito-idp." + region + "." + suffix(region) + "/");
    }

    /** The regions without Cognito have their suffix too: a wrong one would only fail later. */
    private static String suffix(String region) {
        if (region.startsWith("cn-")) {
            return "amazonaws.com.cn";
        }
        if (region.startsWith("us-iso-")) {
            return "c2s.ic.gov";
        }
        if (region.startsWith("us-isob-")) {
            return "sc2s.sgov.gov";
        }
        return region.startsWith("eusc-") ? "amazonaws.eu" : "amazonaws.com";
    }

    /**
     * Calls an operation.
     *
     * @param members of the request beside ClientId
     * @return the answer's members, empty if there are none
     * @throws CognitoRefusal for the operation to judge
     * @throws ProblemException 429 if Cognito is asked too much, 503 if it gives no answer
     */
    Map<String, Object> call(String operation, Repeat repeat, Deadline request, Response.Members members)
            throws CognitoRefusal {
        Deadline deadline = request.orIn(PATIENCE);
        byte[] body = body(members);
        for (boolean last = false; ; last = true) {
            IOException failure;
            boolean repeatable = repeat == Repeat.ALWAYS;
            try {
                HttpCalls.Answer answer = calls.post(
                        endpoint,
                        Map.of("Content-Type", "application/x-amz-json-1.1", "X-Amz-Target", TARGET + operation),
                        body,
                        LONGEST_ANSWER,
                        // The first try must leave time for another, if there may be one.
                        repeatable && !last ? Deadline.in(Duration.ofMillis(deadline.remainingMillis() / 2)) : deadline);
                if (answer.status() < 500) {
                    return judge(operation, answer, last || deadline.remainingMillis() <= longestPause());
                }
                failure = new IOException("Cognito answered " + operation + " with status " + answer.status());
            } catch (Throttled e) {
                failure = null;
            } catch (HttpCalls.UnsentException e) {
                failure = e;
                repeatable = true;
            } catch (IOException e) {
                failure = e;
            }
            if (failure != null && (last || !repeatable || deadline.remainingMillis() <= longestPause())) {
                throw ProblemException.serviceUnavailable(RETRY_AFTER_SECONDS, failure);
            }
            pause(failure);
        }
    }

    /** Cognito has not looked at the request, so that any may be repeated. */
    private static final class Throttled extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static Map<String, Object> judge(String operation, HttpCalls.Answer answer, boolean last)
            throws CognitoRefusal, IOException {
        Map<String, Object> members = members(operation, answer);
        if (answer.status() == 200) {
            return members;
        }
        String type = members.get("__type") instanceof String text ? text : answer.errorType();
        CognitoRefusal refusal =
                new CognitoRefusal(operation, type, members.get("message") instanceof String text ? text : null);
        if (answer.status() == 429 || THROTTLED.contains(refusal.type())) {
            if (last) {
                throw ProblemException.tooManyRequests(RETRY_AFTER_THROTTLE_SECONDS);
            }
            throw new Throttled();
        }
        throw refusal;
    }

    private static Map<String, Object> members(String operation, HttpCalls.Answer answer) throws IOException {
        if (answer.body().length == 0) {
            return Map.of();
        }
        try {
            return StrictJson.object(answer.body());
        } catch (IOException e) {
            // Without the cause, whose message may quote a token.
            throw new IOException("Cognito's answer to " + operation + " has status " + answer.status() + " and is no JSON object");
        }
    }

    private byte[] body(Response.Members members) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("ClientId", clientId);
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a request to Cognito", e);
        }
        return bytes.toByteArray();
    }

    private static long longestPause() {
        return SHORTEST_PAUSE_MILLIS + LONGEST_MORE_PAUSE_MILLIS;
    }

    private void pause(IOException failure) {
        try {
            pauses.pause(SHORTEST_PAUSE_MILLIS + random.nextInt(LONGEST_MORE_PAUSE_MILLIS + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.serviceUnavailable(RETRY_AFTER_SECONDS, failure == null ? e : failure);
        }
    }
}
