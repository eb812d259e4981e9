package webapp.core.http;

import java.util.Set;
import webapp.core.configuration.Configuration;

/**
 * Lets pages of other origins read a function's answers, errors too. Through a Lambda proxy integration API Gateway adds no headers, so
 * the function has to; a request's preflight is answered by API Gateway alone.
 *
 * <p>{@code CORS_ALLOW_ORIGINS} are the origins, with commas between them, or {@code *}; without it nothing is added, and browsers keep
 * the answer from other origins' pages. {@code CORS_ALLOW_CREDENTIALS} ({@code true}) and {@code CORS_EXPOSE_HEADERS} go with it.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html">CORS for REST APIs</a>
 */
final class Cors {
    private final Set<String> origins;
    private final boolean credentials;
    private final String exposed;

    private Cors(Set<String> origins, boolean credentials, String exposed) {
        this.origins = origins;
        this.credentials = credentials;
        this.exposed = exposed;
    }

    static Cors of(Configuration configuration) {
        return new Cors(
                configuration.optionalTexts("CORS_ALLOW_ORIGINS"),
                "true".equals(configuration.optionalText("CORS_ALLOW_CREDENTIALS")),
                configuration.optionalText("CORS_EXPOSE_HEADERS"));
    }

    /**
     * Adds what lets the page that sent the request read the answer.
     *
     * @param origin the request's, null if it has none
     */
    void addTo(Response response, String origin) {
        if (origins.isEmpty()) {
            return;
        }
        boolean all = origins.contains("*");
        if (!all) {
            // Also for a stranger: what a cache keeps for one origin must not answer another.
            response.header("Vary", "Origin");
        }
        if (all || origin != null && origins.contains(origin)) {
            response.header("Access-Control-Allow-Origin", all ? "*" : origin);
            if (credentials) {
                response.header("Access-Control-Allow-Credentials", "true");
            }
            if (exposed != null) {
                response.header("Access-Control-Expose-Headers", exposed);
            }
        }
    }
}
