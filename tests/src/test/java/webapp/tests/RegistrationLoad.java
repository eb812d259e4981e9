package webapp.tests;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that register one user after the other, each under an Idempotency-Key of its own, which they repeat until it is
 * acknowledged. At random they hang up before an answer, or send a request twice at once: an answer that never arrives, and a
 * proxy that repeats. The seed decides what each client does and when, not how the machine interleaves them.
 */
final class RegistrationLoad implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What tells a client to try again under the same key; anything else but a 201 is a broken promise. */
    private static final Set<Integer> TRY_AGAIN = Set.of(429, 500, 502, 503, 504);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(35);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> clients = new ArrayList<>();
    private final ConcurrentMap<String, String> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Integer> happened = new ConcurrentSkipListMap<>();
    private final URI url;
    private final String domain;
    private volatile boolean stopping;

    /** @param run tells the users of this load from those of another */
    private RegistrationLoad(String site, String run) {
        this.url = URI.create(site + "/api/users");
        this.domain = run + ".example.com";
    }

    static RegistrationLoad start(String site, String run, long seed, int clients) {
        RegistrationLoad load = new RegistrationLoad(site, run);
        for (int client = 0; client < clients; client++) {
            String name = "client" + client;
            Random random = new Random(31 * (seed + client) + run.hashCode());
            load.clients.add(load.threads.submit(() -> load.run(name, random)));
        }
        return load;
    }

    /** Waits until so many more are acknowledged; at once when a client has failed, which {@link #finish} tells. */
    void awaitMore(int registrations) throws InterruptedException {
        int enough = acknowledged.size() + registrations;
        Instant limit = Instant.now().plus(PATIENCE);
        while (acknowledged.size() < enough && clients.stream().noneMatch(Future::isDone)) {
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("fewer than " + registrations + " registrations within " + PATIENCE.toSeconds() + " s: " + happened);
            }
            Thread.sleep(5);
        }
    }

    /** Lets every client finish its registration; fails when one was promised something that did not hold. */
    void finish() throws InterruptedException {
        stopping = true;
        for (Future<?> client : clients) {
            try {
                client.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a client of the load failed after " + happened, e.getCause());
            }
        }
    }

    /** Email address => user id, as the clients were told. */
    Map<String, String> acknowledged() {
        return new TreeMap<>(acknowledged);
    }

    /** How often what happened to requests. */
    Map<String, Integer> happened() {
        return new TreeMap<>(happened);
    }

    String domain() {
        return domain;
    }

    private Void run(String client, Random random) throws Exception {
        for (int number = 0; !stopping; number++) {
            String email = client + "-" + number + "@" + domain;
            acknowledged.put(email, register(email, new UUID(random.nextLong(), random.nextLong()).toString(), random));
        }
        return null;
    }

    private String register(String email, String key, Random random) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json").header("Idempotency-Key", '"' + key + '"')
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(Map.of("name", "Load", "email", email)))).build();
        Instant limit = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(limit)) {
            int mood = random.nextInt(10);
            String id = null;
            if (mood == 0) {
                hangUp(request, random.nextInt(60));
            } else if (mood == 1) {
                CompletableFuture<HttpResponse<String>> twin = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
                id = userId(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()), email);
                String other = userId(twin, email);
                if (id != null && other != null && !id.equals(other)) {
                    throw new AssertionError("one key, two users: " + id + " and " + other);
                }
                id = id == null ? other : id;
            } else {
                id = userId(http.sendAsync(request, HttpResponse.BodyHandlers.ofString()), email);
            }
            if (id != null) {
                return id;
            }
            Thread.sleep(50 + random.nextInt(200));
        }
        throw new AssertionError(email + " was not acknowledged within " + PATIENCE.toSeconds() + " s");
    }

    /** Ends the connection while the request is on its way, at work, or answered. */
    private void hangUp(HttpRequest request, int milliseconds) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        try {
            answer.get(milliseconds, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            answer.cancel(true);
        }
        count("hung up");
    }

    /** @return null when the client has to try again */
    private String userId(CompletableFuture<HttpResponse<String>> request, String email) throws IOException, InterruptedException {
        HttpResponse<String> answer;
        try {
            answer = request.get();
        } catch (ExecutionException e) {
            count("no answer");
            return null;
        }
        count(Integer.toString(answer.statusCode()));
        if (answer.statusCode() == 201) {
            return JSON.readTree(answer.body()).path("userId").asText();
        }
        if (!TRY_AGAIN.contains(answer.statusCode())) {
            throw new AssertionError(email + ": " + answer.statusCode() + " " + answer.body());
        }
        ApiClient.assertProblem(answer, answer.statusCode());
        return null;
    }

    private void count(String what) {
        happened.merge(what, 1, Integer::sum);
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
        threads.close();
        http.shutdownNow();
    }
}
