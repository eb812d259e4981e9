package webapp.api.authorizer;

/**
 * Makes API Gateway answer 401, which it does for this very message; any other failure of an authorizer is a 500. It keeps no answer to a
 * failure in its cache.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html">Lambda authorizers</a>
 */
final class Unauthorized extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unauthorized() {
        // The runtime logs what is thrown, and a stack trace of a bad token tells nothing.
        super("Unauthorized", null, false, false);
    }
}
