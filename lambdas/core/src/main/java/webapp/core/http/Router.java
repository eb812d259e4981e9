package webapp.core.http;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import webapp.core.configuration.Configuration;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.time.Deadline;

/**
 * Answers API Gateway's events: finds the operation by method and path template, and turns every failure into a problem document.
 * Each answer of status 500 or more is logged with its correlation id and its cause; the client sees the id only.
 *
 * <p>Immutable once its routes are added; safe for concurrent requests if the operations are.
 */
public final class Router {
    /** What is kept back of the function's remaining time, to write the answer and the log. */
    private static final Duration RESERVE = Duration.ofMillis(500);

    /** From this status on the fault is ours, and not the client's. */
    private static final int FAILED = 500;

    /** One operation of the API. */
    @FunctionalInterface
    public interface Operation {
        Response answer(Request request);
    }

    /** One operation of the API for callers that it knows. */
    @FunctionalInterface
    public interface OperationFor<C extends Caller> {
        Response answer(C caller, Request request);
    }

    private final Map<String, Map<String, Operation>> operations = new LinkedHashMap<>();
    private final Cors cors;

    /** The environment says which other origins' pages may read the answers: {@link Cors}. */
    public Router() {
        this(Configuration.ofEnvironment());
    }

    Router(Configuration configuration) {
        this.cors = Cors.of(configuration);
    }

    /**
     * Adds an operation for everybody.
     *
     * @param resource the path's template in the contract: {@code /users/{userId}}
     */
    public Router on(String method, String resource, Operation operation) {
        operations.computeIfAbsent(resource, key -> new LinkedHashMap<>()).put(method, operation);
        return this;
    }

    /**
     * Adds an operation for the callers that an admission lets in; others are refused before the operation sees anything of the request.
     *
     * @param resource the path's template in the contract: {@code /users/{userId}}
     */
    public <C extends Caller> Router on(
            String method, String resource, Admission<C> admission, OperationFor<C> operation) {
        return on(method, resource, request -> operation.answer(admission.admit(request), request));
    }

    /** Reads an event from {@code input} and writes the answer to {@code output}; only a broken stream makes it throw. */
    public void answer(InputStream input, OutputStream output, Context context) throws IOException {
        respond(input, output, context);
    }

    /**
     * Answers an event to nobody, to warm the code up before a snapshot.
     *
     * @throws IOException if the answer has a status of 500 or more, whose cause is logged
     */
    public void prime(String event, Context context) throws IOException {
        int status = respond(
                new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), OutputStream.nullOutputStream(), context);
        if (status >= FAILED) {
            throw new IOException("the answer has status " + status);
        }
    }

    private int respond(InputStream input, OutputStream output, Context context) throws IOException {
        Response response;
        EventFormat format = EventFormat.V1;
        String correlationId = context.getAwsRequestId();
        String operation = "reading the event";
        String origin = null;
        try {
            Deadline deadline = Deadline.in(
                    Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE));
            Request request = RequestReader.read(input, correlationId, deadline, context.getLogger());
            correlationId = request.correlationId();
            format = request.format();
            origin = request.header("Origin");
            operation = request.method() + " " + request.resource();
            response = find(request).answer(request);
        } catch (ProblemException problem) {
            response = fail(problem, correlationId, operation, context);
        } catch (RuntimeException | IOException failure) {
            response = fail(ProblemException.internalError(failure), correlationId, operation, context);
        }
        cors.addTo(response, origin);
        try (JsonGenerator json = Response.JSON.createGenerator(output)) {
            response.writeTo(json, format);
        }
        return response.status();
    }

    private Operation find(Request request) {
        Map<String, Operation> methods = operations.get(request.resource());
        if (methods == null) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is nothing at this path.");
        }
        Operation operation = methods.get(request.method());
        if (operation == null) {
            List<String> allowed = new ArrayList<>(methods.keySet());
            throw ProblemException.methodNotAllowed(String.join(", ", allowed));
        }
        return operation;
    }

    private static Response fail(ProblemException problem, String correlationId, String operation, Context context) {
        if (problem.type().status() >= FAILED) {
            StringWriter text = new StringWriter();
            text.append(operation)
                    .append(" failed with status ")
                    .append(Integer.toString(problem.type().status()))
                    .append(", correlationId ")
                    .append(correlationId)
                    .append('\n');
            Throwable cause = problem.getCause() == null ? problem : problem.getCause();
            cause.printStackTrace(new PrintWriter(text, true));
            context.getLogger().log(text.toString(), LogLevel.ERROR);
        }
        return Response.problem(problem, correlationId);
    }
}
