package webapp.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseTest {
    private static final String TAG = EntityTag.of("{\"a\":1}").toString();

    @Test
    void noContentHasNoBodyAndNoMediaType() throws IOException {
        assertThat(written(Response.noContent(), EventFormat.V1)).isEqualTo("{\"statusCode\":204,\"headers\":"
                + "{\"Cache-Control\":\"no-store\",\"X-Content-Type-Options\":\"nosniff\"},\"isBase64Encoded\":false}");
    }

    @Test
    void cookiesAreHeadersOfTheirOwnInBothFormats() throws IOException {
        Response response = Response.noContent().cookie("a=1; Secure").cookie("b=2");

        assertThat(written(response, EventFormat.V1)).contains("\"multiValueHeaders\":{\"Set-Cookie\":[\"a=1; Secure\",\"b=2\"]}");
        assertThat(written(response, EventFormat.V2))
                .contains("\"cookies\":[\"a=1; Secure\",\"b=2\"]")
                .doesNotContain("multiValueHeaders");
        // A REST API answers 502 to a member it does not know.
        assertThat(written(response, EventFormat.V1)).doesNotContain("\"cookies\"");
    }

    @Test
    void answerCarriesTheTagOfItsContent() throws IOException {
        assertThat(TAG).matches("\"[A-Za-z0-9_-]{22}\"").isNotEqualTo(EntityTag.of("{\"a\":2}").toString());
        assertThat(conditional(null))
                .contains("\"statusCode\":200", "\"ETag\":" + quoted(TAG), "\"Cache-Control\":\"no-cache\"", "{\\\"a\\\":1}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@", "W/@", "*", " * ", "\"x\", @", "\"x\",W/@", "\"a,b\" , @ , \"y\"", "\"\",@", ",,@"})
    void unchangedContentIsNotSentAgain(String ifNoneMatch) throws IOException {
        assertThat(conditional(List.of(ifNoneMatch.replace("@", TAG)))).isEqualTo("{\"statusCode\":304,\"headers\":"
                + "{\"Cache-Control\":\"no-cache\",\"X-Content-Type-Options\":\"nosniff\",\"ETag\":" + quoted(TAG)
                + "},\"isBase64Encoded\":false}");
    }

    @Test
    void eachOfSeveralHeadersCounts() throws IOException {
        assertThat(conditional(List.of("\"x\"", TAG))).contains("\"statusCode\":304");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"x\"", "W/\"x\"", "\"", "W/", "x", "w/@", "W/ @", "\"x@", "x, @", "\"*\"", "**", "\"@", "@@@x"})
    void changedContentIsSentInFull(String ifNoneMatch) throws IOException {
        String bare = TAG.substring(1, TAG.length() - 1);
        String header = ifNoneMatch.startsWith("@@@") ? "\"" + bare + "x\"" : ifNoneMatch.replace("@", TAG);

        assertThat(conditional(List.of(header))).contains("\"statusCode\":200", "\"body\":");
    }

    @Test
    void strongComparisonTakesTheVeryTagOnly() {
        EntityTag tag = EntityTag.of("{\"a\":1}");

        assertThat(tag.is(TAG)).isTrue();
        assertThat(tag.is("W/" + TAG)).isFalse();
        assertThat(tag.is("*")).isFalse();
        assertThat(tag.is(TAG.replace("\"", ""))).isFalse();
        assertThat(tag.is(null)).isFalse();
    }

    private static String conditional(List<String> ifNoneMatch) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (ifNoneMatch != null) {
            headers.put("if-none-match", ifNoneMatch);
        }
        Request request = new Request(
                "GET", "/", headers, Map.of(), Map.of(), null, "", null, false, EventFormat.V1, null, null);
        return written(Response.json(200, json -> json.writeNumberField("a", 1)).unlessUnchanged(request), EventFormat.V1);
    }

    private static String written(Response response, EventFormat format) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = Response.JSON.createGenerator(text)) {
            response.writeTo(json, format);
        }
        return text.toString();
    }

    private static String quoted(String tag) {
        return "\"" + tag.replace("\"", "\\\"") + "\"";
    }
}
