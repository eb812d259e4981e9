package webapp.core.http;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.util.List;
import java.util.Map;
import webapp.core.problem.ProblemException;
import webapp.core.problem.ProblemType;
import webapp.core.time.Deadline;

/**
 * One request to the API, as API Gateway hands it to a function.
 *
 * @param method upper case
 * @param resource the path's template: {@code /users/{userId}}
 * @param headers names are compared without case; a repeated header has several values
 * @param query parameters of the query, decoded
 * @param path parameters of the path, decoded
 * @param callerArn the IAM principal that signed the request, null if it is not signed
 * @param correlationId names the request in logs and in problems: API Gateway's request id, or else Lambda's
 * @param body null if there is none
 * @param deadline when the answer must be ready
 * @param logger the function's
 */
public record Request(
        String method,
        String resource,
        Map<String, List<String>> headers,
        Map<String, List<String>> query,
        Map<String, String> path,
        String callerArn,
        String correlationId,
        String body,
        boolean base64Encoded,
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

    /**
     * Reads the body, which must be one JSON object.
     *
     * @throws ProblemException 415, 413 or 400
     */
    public Fields fields() {
        return JsonBody.of(this);
    }
}
