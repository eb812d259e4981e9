package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import webapp.local.aws.LocalAws;

/** Signs a request with Signature Version 4, as an operator's tool calls an operation that asks for IAM. */
final class SignedCaller {
    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

    private static final AwsCredentialsIdentity ROOT = AwsBasicCredentials.create(LocalAws.ROOT_KEY, LocalAws.ROOT_KEY);

    private SignedCaller() {}

    /**
     * Signs for the API's own name, and sends it where local AWS listens.
     *
     * @param apiUrl the output {@code api_url}, with the name that the API has on AWS
     * @param path below it, with its query
     */
    static HttpResponse<String> get(String apiUrl, String path, URI localAws, String region) {
        // On the laptop an API's name ends in localhost and the port, where it ends in the region's domain on AWS.
        String host = URI.create(apiUrl).getHost().replaceFirst("\\.execute-api\\..*", ".execute-api.localhost:" + localAws.getPort());
        return send(ROOT, "GET", host, URI.create(apiUrl).getRawPath() + path, "execute-api", Map.of(), "", localAws, region);
    }

    /** Calls a service of local AWS as the account's root. */
    static HttpResponse<String> aws(String service, String method, String path, Map<String, String> headers, String body, URI localAws, String region) {
        return aws(ROOT, service, method, path, headers, body, localAws, region);
    }

    static HttpResponse<String> aws(AwsCredentialsIdentity credentials, String service, String method, String path, Map<String, String> headers,
            String body, URI localAws, String region) {
        return send(credentials, method, localAws.getAuthority(), path, service, headers, body, localAws, region);
    }

    private static HttpResponse<String> send(AwsCredentialsIdentity credentials, String method, String host, String path, String service, Map<String, String> headers,
            String body, URI localAws, String region) {
        URI url = URI.create("http://" + host + path);
        SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(url);
        headers.forEach(unsigned::putHeader);
        SdkHttpRequest signed = AwsV4HttpSigner.create().sign(sign -> sign
                .identity(credentials)
                .request(unsigned.build())
                .payload(ContentStreamProvider.fromUtf8String(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)).request();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(localAws + path)).header("Host", url.getAuthority())
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        signed.headers().forEach((String name, List<String> values) -> {
            if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
