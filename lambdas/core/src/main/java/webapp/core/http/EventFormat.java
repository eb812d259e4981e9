package webapp.core.http;

/**
 * The two forms in which API Gateway hands a request to a function and takes its answer.
 *
 * @see <a href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html">Payload formats</a>
 */
enum EventFormat {
    /** 1.0: REST APIs, and HTTP APIs that are asked for it. */
    V1,
    /** 2.0: HTTP APIs. */
    V2
}
