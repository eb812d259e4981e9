package webapp.core.http;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.util.List;
import java.util.Map;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.time.Deadline;

/**
 * One request to the API, as API Gateway hands it to a function. An operation learns who calls from its {@link Admission}.
 *
 * @param method upper case
 * @param resource the path's template: {@code /users/{userId}}
 * @param headers names are compared without case; a repeated header has several values in an event of format 1.0, and one with commas
 *     in it in one of format 2.0
 * @param query parameters of the query, decoded
 * @param path parameters of the path, decoded
 * @param identity what the authorizers say
 * @param correlationId names the request in logs and in problems: API Gateway's request id, or else Lambda's
 * @param body null if there is none
 * @param format of the event, and so of its answer
 * @param deadline when the answer must be ready
 * @param logger the function's
 */
public record Request(
        String method,
        String resource,
        Map<String, List<String>> headers,
        Map<String, List<String>> query,
        Map<String, String> path,
        Identity identity,
        String correlationId,
        String body,
        boolean base64Encoded,
        EventFormat format,
        Deadline deadline,
        LambdaLogger logger) {

    /** @return the first value of a header, null if it is absent */
    public String header(String name) {
        List<String> values = headers.get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /**
     * @return the value of a query parameter, null if it is absent
     * @throws ProblemException 400 if it is given more than once
     */
    public String parameter(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The parameter " + name + " is given more than once.");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** @return the value of a cookie, null if it is absent; of several with this name the first, which is the one of the closest path */
    public String cookie(String name) {
        for (String cookies : headers.getOrDefault("Cookie", List.of())) {
            for (String cookie : cookies.split(";")) {
                String pair = cookie.strip();
                if (pair.startsWith(name) && pair.startsWith("=", name.length())) {
                    return pair.substring(name.length() + 1);
                }
            }
        }
        return null;
    }

    /**
     * Reads the body, which must be one JSON object.
     *
     * @throws ProblemException 415, 413 or 400
     */
    public Fields fields() {
        return JsonBody.of(this);
    }
}
