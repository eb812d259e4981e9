package webapp.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import webapp.local.aws.LocalAws;

/** Signs a request with Signature Version 4, as an operator's tool calls an operation that asks for IAM. */
final class SignedCaller {
    private static final Set<String> SET_BY_CLIENT = Set.of("host", "content-length");

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
        String target = URI.create(apiUrl).getRawPath() + path;
        URI url = URI.create("http://" + host + target);
        SdkHttpRequest request = SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(url).build();
        SdkHttpRequest signed = AwsV4HttpSigner.create().sign(sign -> sign
                .identity(AwsBasicCredentials.create(LocalAws.ROOT_KEY, LocalAws.ROOT_KEY))
                .request(request)
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "execute-api")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)).request();
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(localAws + target)).header("Host", url.getAuthority());
        signed.headers().forEach((String name, List<String> values) -> {
            if (!SET_BY_CLIENT.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
