package webapp.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.problem.ProblemException;
import webapp.core.testing.Invocation;

class RouterTest {
    private static final String LONG_ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private final Router router = new Router()
            .on("GET", "/things", request -> Response.json(200, json -> {
                json.writeStringField("query", String.join("|", request.query().get("q")));
                json.writeStringField("header", request.header("x-THING"));
                json.writeStringField("cookie", request.cookie("two"));
                for (String name : List.of("empty", "ü", "broken")) {
                    json.writeStringField(name, request.parameter(name));
                }
            }))
            .on("POST", "/things", request -> {
                Fields fields = request.fields();
                String name = fields.text("name");
                fields.check();
                return Response.json(201, json -> json.writeStringField("name", name));
            })
            .on("POST", "/broken", request -> {
                throw new IllegalStateException("password=hunter2");
            })
            .on("POST", "/down", request -> {
                throw ProblemException.serviceUnavailable(7, new IOException("no route to db-1"));
            });
    private final Invocation invocation = new Invocation();

    @Test
    void readsAFullEventOfApiGateway() throws IOException {
        String event = Files.readString(Path.of("src/test/resources/events/get-things.json"));

        String answer = run(event);

        assertThat(answer).contains("\"statusCode\":200");
        assertThat(answer).contains("\\\"query\\\":\\\"a|b\\\"", "\\\"header\\\":\\\"one\\\"");
    }

    @Test
    void readsAFullEventOfFormat2() throws IOException {
        String answer = run(Files.readString(Path.of("src/test/resources/events/http-2-person.json")));

        assertThat(answer).contains("\"statusCode\":200");
        assertThat(answer).contains("\\\"query\\\":\\\"a|b,c d\\\"", "\\\"header\\\":\\\"one,two\\\"", "\\\"cookie\\\":\\\"2=2\\\"");
        assertThat(answer).contains("\\\"empty\\\":\\\"\\\"", "\\\"ü\\\":\\\"ä\\\"", "\\\"broken\\\":\\\"%zz\\\"");
    }

    @Test
    void parametersOfFormat2WithoutARawQueryAreReadToo() throws IOException {
        String event = Files.readString(Path.of("src/test/resources/events/http-2-person.json"));

        assertThat(run(event.replace("rawQueryString", "someOther"))).contains("\\\"query\\\":\\\"a,b,c d\\\"");
    }

    @Test
    void repeatedParameterOfFormat2IsTold() throws IOException {
        String event = Files.readString(Path.of("src/test/resources/events/http-2-person.json"));

        assertThat(run(event.replace("&empty&", "&empty&empty=1&")))
                .contains("\"statusCode\":400", "The parameter empty is given more than once.");
    }

    @Test
    void otherMethodOfFormat2IsNotAllowed() throws IOException {
        String event = Files.readString(Path.of("src/test/resources/events/http-2-person.json"));

        assertThat(run(event.replace("GET /things", "PUT /things"))).contains("\"statusCode\":405", "\"Allow\":\"GET, POST\"");
        assertThat(run(event.replace("GET /things", "GET /other"))).contains("\"statusCode\":404");
        assertThat(run(event.replace("GET /things", "$default"))).contains("\"statusCode\":500");
    }

    @Test
    void answersCarrySecurityHeaders() throws IOException {
        assertThat(post("{\"name\":\"x\"}"))
                .contains("\"statusCode\":201", "\"Content-Type\":\"application/json\"", "\"Cache-Control\":\"no-store\"")
                .contains("\"X-Content-Type-Options\":\"nosniff\"");
        assertThat(post("{"))
                .contains("\"Content-Type\":\"application/problem+json\"", "\"Cache-Control\":\"no-store\"")
                .contains("\"X-Content-Type-Options\":\"nosniff\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '^', value = {
        "{;is not valid JSON",
        "{\"name\":\"x\";is not valid JSON",
        "{\"name\":\"x\"} {};is more than one JSON value",
        "{'name':'x'};is not valid JSON",
        "{\"name\":NaN};is not valid JSON",
        "[\"x\"];must be an object",
        "\"x\";must be an object",
        "null;must be an object",
        "{};/name|is required",
        "{\"name\":null};/name|must be a string",
        "{\"name\":1};/name|must be a string",
        "{\"name\":1e99999999999};/name|is a number out of range",
        "{\"name\":-1e-9999999999};/name|is a number out of range",
        "{\"name\":[\"x\"]};/name|must be a string",
        "{\"name\":{\"a\":1}};/name|must be a string",
        "{\"name\":\"x\",\"name\":\"y\"};/name|is given twice",
        "{\"name\":\"x\",\"role/~\":\"admin\"};/role~1~0|is not known",
        "{\"name\":\"\\ud800\"};/name|must not contain half a surrogate pair",
        "{\"name\":\"x\",\"\\ud800\":1};|must not have a name with half a surrogate pair",
        "{\"name\":\"x\",\"a\":{\"\\udc00\":1}};/a|must not have a name with half a surrogate pair",
        "{\"name\":[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]};nested too deeply",
    })
    void badBodyIsRefusedWithWhatIsWrong(String body, String expected) throws IOException {
        String answer = post(body);

        assertThat(answer).contains("\"statusCode\":400", "/problems/invalid-request");
        if (expected.contains("|")) {
            String[] error = expected.split("\\|");
            assertThat(answer)
                    .contains("{\\\"pointer\\\":\\\"" + error[0] + "\\\",\\\"detail\\\":\\\"" + error[1] + "\\\"}");
        } else {
            assertThat(answer).contains(expected);
        }
        assertThat(invocation.logged()).isEmpty();
    }

    @Test
    void refusalIsNotMuchLargerThanTheBodyItRefuses() throws IOException {
        String manyUnknown = IntStream.range(0, 1500).mapToObj(i -> "\"" + i + "\":0").collect(Collectors.joining(",", "{", "}"));
        // The pointer to each repeated member has the long name, and an escaped character counts twice.
        String manyTwice = "{\"" + "~".repeat(8000) + "\":{" + "\"\":0,".repeat(1600) + "\"\":0}}";
        String manyDeep = "{\"" + "~".repeat(100) + "\":{" + "\"\":0,".repeat(3000) + "\"\":0}}";

        for (String body : List.of(manyUnknown, manyTwice, manyDeep)) {
            assertThat(post(body)).contains("\"statusCode\":400").hasSizeLessThan(body.length() + 1000);
        }
    }

    @Test
    void missingBodyIsRefused() throws IOException {
        assertThat(run(event("POST", "/things", "application/json", null))).contains("\"statusCode\":400", "is missing");
        assertThat(post("  ")).contains("\"statusCode\":400", "is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=iso-8859-1",
        "application/jsonp", "application/problem+json", ";", ""})
    void otherContentTypesAreRefused(String contentType) throws IOException {
        assertThat(run(event("POST", "/things", contentType, "{\"name\":\"x\"}")))
                .contains("\"statusCode\":415", "/problems/unsupported-media-type");
    }

    @Test
    void missingContentTypeIsRefused() throws IOException {
        assertThat(run("{\"httpMethod\":\"POST\",\"resource\":\"/things\",\"body\":\"{}\"}")).contains("\"statusCode\":415");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/JSON ; charset=UTF-8", "application/json;charset=\\\"utf-8\\\";x=y"})
    void jsonWithParametersIsTaken(String contentType) throws IOException {
        assertThat(run(event("POST", "/things", contentType, "{\"name\":\"x\"}"))).contains("\"statusCode\":201");
    }

    @Test
    void sizeIsCountedInBytes() throws IOException {
        String fits = "{\"name\":\"" + "é".repeat((16 * 1024 - 11) / 2) + "\"}";

        assertThat(post(fits)).contains("\"statusCode\":201");
        assertThat(post(fits.replace("\"}", "xx\"}"))).contains("\"statusCode\":413", "/problems/content-too-large");
        assertThat(post("{\"name\":\"" + "x".repeat(1024 * 1024) + "\"}")).contains("\"statusCode\":413");
    }

    @Test
    void base64BodyIsDecoded() throws IOException {
        String body = Base64.getEncoder().encodeToString("{\"name\":\"Zoë 🦊\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(run(event("POST", "/things", "application/json", body).replace("false", "true"))).contains("Zoë \\uD83E\\uDD8A");
        assertThat(run(event("POST", "/things", "application/json", "%").replace("false", "true"))).contains("not valid base64");
        // No UTF-8.
        assertThat(run(event("POST", "/things", "application/json", "eyJuYW1lIjoi/yJ9").replace("false", "true")))
                .contains("\"statusCode\":400");
    }

    @Test
    void unknownPathIsNotFound() throws IOException {
        assertThat(run(event("GET", "/other", "x", null))).contains("\"statusCode\":404", "/problems/not-found");
    }

    @Test
    void otherMethodIsNotAllowedAndTheOthersAreListed() throws IOException {
        assertThat(run(event("DELETE", "/things", "x", null)))
                .contains("\"statusCode\":405", "/problems/method-not-allowed", "\"Allow\":\"GET, POST\"");
    }

    @Test
    void failureIsLoggedWithItsIdAndNeverShown() throws IOException {
        String answer = run(event("POST", "/broken", "application/json", "{}"));

        assertThat(answer).contains("\"statusCode\":500", "/problems/internal-error", "\\\"correlationId\\\":\\\"gateway-id\\\"");
        assertThat(answer).doesNotContain("hunter2", "IllegalState", "webapp");
        assertThat(invocation.logged()).contains("gateway-id", "hunter2", "POST /broken", "IllegalStateException");
    }

    @Test
    void primingTakesARefusalForAnAnswerAndAFailureForAFailure() throws IOException {
        router.prime(event("POST", "/things", "application/json", "{}"), invocation);
        assertThat(invocation.logged()).isEmpty();

        assertThatThrownBy(() -> router.prime(event("POST", "/down", "application/json", "{}"), invocation))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("503");
        assertThat(invocation.logged()).contains("no route to db-1");
    }

    @Test
    void outageSaysWhenToTryAgain() throws IOException {
        String answer = run(event("POST", "/down", "application/json", "{}"));

        assertThat(answer).contains("\"statusCode\":503", "\"Retry-After\":\"7\"", "/problems/service-unavailable");
        assertThat(answer).doesNotContain("db-1");
        assertThat(invocation.logged()).contains("gateway-id", "db-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"version\":\"2.0\"}", "not json"})
    void brokenEventIsAnInternalErrorWithLambdasId(String event) throws IOException {
        assertThat(run(event)).contains("\"statusCode\":500", Invocation.REQUEST_ID);
        assertThat(invocation.logged()).contains(Invocation.REQUEST_ID, "reading the event");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.b", "x\\\" level=ERROR", "a\\nb", "ann@example.com", LONG_ID + "a"})
    void requestIdThatAClientMadeUpGivesWayToLambdas(String requestId) throws IOException {
        String answer = run(event("POST", "/down", "application/json", "{}").replace("gateway-id", requestId));

        assertThat(answer).contains("\\\"correlationId\\\":\\\"" + Invocation.REQUEST_ID + "\\\"");
        assertThat(invocation.logged()).contains(Invocation.REQUEST_ID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c6af9ac6-7b61-11e6-9a41-93e8deadbeef", "cdf-2h_JIAMESRA=", "A", LONG_ID})
    void requestIdOfTheUsualFormIsTheCorrelationId(String requestId) throws IOException {
        String answer = run(event("POST", "/down", "application/json", "{}").replace("gateway-id", requestId));

        assertThat(answer).contains("\\\"correlationId\\\":\\\"" + requestId + "\\\"");
    }

    private String post(String body) throws IOException {
        return run(event("POST", "/things", "application/json", body));
    }

    private String run(String event) throws IOException {
        return invocation.run(router::answer, event);
    }

    private static String event(String method, String resource, String contentType, String body) {
        String quoted = body == null ? "null" : "\"" + body.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return """
                {"httpMethod": "%s", "resource": "%s", "headers": {"content-type": "%s"}, "body": %s,
                 "isBase64Encoded": false, "requestContext": {"requestId": "gateway-id"}}"""
                .formatted(method, resource, contentType, quoted);
    }
}
