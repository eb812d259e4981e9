package webapp.benchmarks.spring;

import com.amazonaws.serverless.exceptions.ContainerInitializationException;
import com.amazonaws.serverless.proxy.model.AwsProxyRequest;
import com.amazonaws.serverless.proxy.model.AwsProxyResponse;
import com.amazonaws.serverless.proxy.spring.SpringBootLambdaContainerHandler;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.zaxxer.hikari.HikariDataSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.crac.Core;
import org.crac.Resource;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.WebApplicationContextUtils;

/**
 * The handler of the AWS Serverless Java Container's quick start, which begins the application while the function initialises. Before a
 * checkpoint it is primed by invocations, as AWS advises, and as often as our own functions are; then Spring Boot closes its pool.
 *
 * @see <a href="https://aws.amazon.com/blogs/compute/optimizing-cold-start-performance-of-aws-lambda-using-advanced-priming-strategies-with-snapstart/">
 *     Priming strategies with SnapStart</a>
 */
public final class StreamLambdaHandler implements RequestStreamHandler, Resource {
    private static final int ROUNDS = 20;
    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2500);
    private static final byte[] EVENT = """
            {"resource":"/products/{productId}","path":"/products/snapstart-priming","httpMethod":"GET",
            "headers":{"Host":"priming"},"multiValueHeaders":{"Host":["priming"]},
            "pathParameters":{"productId":"snapstart-priming"},
            "requestContext":{"resourcePath":"/products/{productId}","httpMethod":"GET","path":"/api/products/snapstart-priming",
            "accountId":"000000000000","protocol":"HTTP/1.1","stage":"api","requestId":"priming","apiId":"priming",
            "identity":{"sourceIp":"192.0.2.1","userAgent":"priming"}},"isBase64Encoded":false}""".getBytes(StandardCharsets.UTF_8);

    private final SpringBootLambdaContainerHandler<AwsProxyRequest, AwsProxyResponse> container;

    public StreamLambdaHandler() throws ContainerInitializationException {
        container = SpringBootLambdaContainerHandler.getAwsProxyHandler(CatalogApplication.class);
        // After Spring's own registration: hooks before a checkpoint run in the reverse order, so that priming still finds the pool open.
        Core.getGlobalContext().register(this);
    }

    @Override
    public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        container.proxyStream(input, output, context);
    }

    /** A login in each round, since the first request after a restore logs in too. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT_NANOS;
        for (int round = 0; round < ROUNDS && System.nanoTime() < end; round++) {
            container.proxyStream(new ByteArrayInputStream(EVENT), OutputStream.nullOutputStream(), null);
            closeConnections();
        }
    }

    private void closeConnections() throws InterruptedException {
        WebApplicationContext spring = WebApplicationContextUtils.getRequiredWebApplicationContext(container.getServletContext());
        HikariDataSource pool = spring.getBean(HikariDataSource.class);
        pool.getHikariPoolMXBean().softEvictConnections();
        while (pool.getHikariPoolMXBean().getTotalConnections() > 0) {
            Thread.sleep(1);
        }
    }

    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
