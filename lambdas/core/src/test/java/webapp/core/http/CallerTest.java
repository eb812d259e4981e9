package webapp.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.configuration.Configuration;
import webapp.core.testing.Invocation;

/** What each kind of authorizer tells becomes the operation's caller, or a refusal. */
class CallerTest {
    private static final String ISSUER = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example";
    private static final String SUBJECT = "5a2f1f0e-9c1c-4f0a-9f5e-2a7a1f1f3c11";
    private static final String ADA = "Person[subject=" + SUBJECT + ", email=ada@example.com, name=Ada Lovelace, clientId=web-client, issuer="
            + ISSUER + ", groups=[staff, support]]";
    private static final String SIGNER = "Signer[arn=arn:aws:sts::000000000000:assumed-role/reader/session]";
    private static final Map<String, String> CONFIGURED = Map.of(
            "USER_POOL_ISSUER", ISSUER, "USER_POOL_CLIENT_ID", "web-client", "MACHINE_CLIENT_IDS", "billing-client, warehouse-client");

    private final Invocation invocation = new Invocation();

    @ParameterizedTest
    @ValueSource(strings = {"rest-person", "http-1-person", "http-2-person"})
    void idTokenIsAPerson(String event) throws IOException {
        assertThat(answer(people(), event(event))).contains("\"statusCode\":200", ADA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest-machine", "http-2-machine"})
    void accessTokenOfTheClientCredentialsGrantIsAMachine(String event) throws IOException {
        assertThat(answer(machines("orders/read"), event(event)))
                .contains("Machine[clientId=warehouse-client, issuer=" + ISSUER + ", scopes=[orders/read, orders/list]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest-partner", "http-2-partner"})
    void partnerIsWhomTheLambdaAuthorizerFound(String event) throws IOException {
        assertThat(answer(Admission.partners(), event(event))).contains("Partner[partnerId=acme]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"get-things", "http-2-signer"})
    void signedRequestHasASigner(String event) throws IOException {
        assertThat(answer(Admission.signers(), event(event))).contains(SIGNER);
    }

    @Test
    void apiKeyIsAConsumerByItsId() throws IOException {
        assertThat(answer(Admission.consumers(), event("rest-consumer")))
                .contains("Consumer[apiKeyId=k1abcdefgh]")
                .doesNotContain("a-secret-key");
    }

    @Test
    void apiKeyMayComeBesidesAnotherCaller() throws IOException {
        String event = event("rest-person").replace("\"accessKey\": null", "\"apiKeyId\": \"k1abcdefgh\"");

        assertThat(answer(people(), event)).contains(ADA);
        assertThat(answer(Admission.consumers(), event)).contains("Consumer[apiKeyId=k1abcdefgh]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-2-oidc-person", "rest-verified-person"})
    void idTokenOfAnotherIssuerIsAPerson(String event) throws IOException {
        assertThat(answer(oidc().people(), event(event))).contains("Person[subject=auth0|5f7c8ec7c33c6c004bbafe82, email=ada@example.com,"
                + " name=null, clientId=web-client, issuer=https://login.example.com/, groups=[support]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "scope", "scp"})
    void accessTokenOfAnotherIssuerIsNoPerson(String claim) throws IOException {
        String event = event("http-2-oidc-person").replace("\"sub\"", "\"" + claim + "\": \"x\", \"sub\"");

        assertUnauthorized(answer(oidc().people(), event), "it is no ID token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'\"token_use\": \"id\"'|'\"token_use\": \"access\"'|it is no ID token",
        "'\"token_use\": \"id\"'|'\"token_use\": \"\"'|it is no ID token",
        "'\"aud\": \"web-client\"'|'\"aud\": \"other-client\"'|it is of another client",
        "'\"aud\": \"web-client\"'|'\"aud\": \"[web-client other]\"'|it is of another client",
        "'\"aud\": \"web-client\"'|'\"client_id\": \"web-client\"'|it is of another client",
        "'eu-central-1_Example'|'eu-central-1_Other'|it is of another issuer",
        "'\"iss\"'|'\"issuer\"'|it is of another issuer",
        "'\"sub\"'|'\"subject\"'|it has no subject of 1-255 ASCII characters",
        "'\"sub\": \"5a2f1f0e'|'\"sub\": \"ä'|it has no subject of 1-255 ASCII characters"
    })
    void tokenOfAnotherUseClientOrIssuerIsNobodys(String claim, String other, String reason) throws IOException {
        for (String event : new String[] {"rest-person", "http-1-person", "http-2-person"}) {
            assertThat(event(event)).contains(claim);
            assertUnauthorized(answer(people(), event(event).replace(claim, other)), reason);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'\"token_use\": \"access\"'|'\"token_use\": \"id\"'|it is no access token",
        "'\"client_id\": \"warehouse-client\"'|'\"client_id\": \"web-client\"'|it is of another client",
        "'\"client_id\"'|'\"aud\"'|it is of another client",
        "'eu-central-1_Example'|'eu-central-1_Other'|it is of another issuer"
    })
    void machinesTokenOfAnotherUseClientOrIssuerIsNobodys(String claim, String other, String reason) throws IOException {
        for (String event : new String[] {"rest-machine", "http-2-machine"}) {
            assertThat(event(event)).contains(claim);
            assertUnauthorized(answer(machines("orders/read"), event(event).replace(claim, other)), reason);
        }
    }

    @Test
    void otherScopeOrGroupIsForbidden() throws IOException {
        assertForbidden(answer(machines("orders/write"), event("rest-machine")));
        assertForbidden(answer(machines("orders"), event("http-2-machine")));
        assertForbidden(answer(machines("orders/read"), event("rest-machine").replace("\"scope\"", "\"no\"")));
        assertForbidden(answer(pool(CONFIGURED).members("admins"), event("rest-person")));
        assertForbidden(answer(pool(CONFIGURED).members("sup"), event("http-2-person")));
        assertForbidden(answer(pool(CONFIGURED).members("support"), event("http-2-person").replace("cognito:groups", "groups")));
    }

    @ParameterizedTest
    @CsvSource({"[customer support],false", "[support],true", "'[support,sales]',false", "customer support,false", "'customer,support',true", "[],false"})
    void groupOfAnotherIssuerIsNeverReadFromAPartOfAName(String groups, boolean member) throws IOException {
        String event = event("http-2-oidc-person").replace("[support]", groups);

        String answer = answer(oidc().members("support"), event);

        if (member) {
            assertThat(answer).contains("\"statusCode\":200");
        } else {
            assertForbidden(answer);
        }
    }

    @Test
    void groupsThatCannotBeToldApartAreNamedInTheLog() throws IOException {
        String event = event("http-2-oidc-person").replace("[support]", "[sales support]");

        assertThat(answer(oidc().people(), event)).contains("\"statusCode\":200", "groups=[]");
        assertThat(invocation.logged()).contains("Left out a token's groups", "correlationId=").doesNotContain("sales", "@");
    }

    @Test
    void memberOfTheGroupIsLetIn() throws IOException {
        assertThat(answer(pool(CONFIGURED).members("support"), event("rest-person"))).contains(ADA);
        assertThat(answer(pool(CONFIGURED).members("support"), event("http-2-person"))).contains(ADA);
        assertThat(answer(pool(CONFIGURED).members("staff"), event("rest-person").replace("staff,support", "[staff]"))).contains("groups=[staff]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest-anonymous", "http-2-anonymous", "rest-consumer", "http-2-signer", "rest-partner", "http-2-partner"})
    void whoeverHasNoTokenIsToldToBringOne(String event) throws IOException {
        assertThat(answer(people(), event(event))).contains("\"statusCode\":401", "\"WWW-Authenticate\":\"Bearer\"", "/problems/unauthorized");
        assertThat(answer(machines("orders/read"), event(event))).contains("\"statusCode\":401", "\"WWW-Authenticate\":\"Bearer\"");
        assertThat(invocation.logged()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest-anonymous", "http-2-anonymous", "rest-person", "http-2-person", "rest-machine", "http-2-machine"})
    void whoeverIsNoPartnerSignerOrConsumerIsRefused(String event) throws IOException {
        assertThat(answer(Admission.partners(), event(event))).contains("\"statusCode\":401", "\"WWW-Authenticate\":\"Bearer\"");
        assertForbidden(answer(Admission.signers(), event(event)));
        assertForbidden(answer(Admission.consumers(), event(event)));
    }

    @Test
    void claimsCannotNameAPartnerNorAPartnerBePassedOnAsAPerson() throws IOException {
        String claimed = event("http-2-person").replace("\"sub\"", "\"partnerId\": \"acme\", \"sub\"");
        assertThat(answer(Admission.partners(), claimed)).contains("\"statusCode\":401");

        String both = event("rest-verified-person").replace("\"principalId\"", "\"partnerId\": \"acme\", \"principalId\"");
        assertThat(answer(oidc().people(), both)).contains("\"statusCode\":401");
    }

    @ParameterizedTest
    @CsvSource({"rest-person,USER_POOL_ISSUER", "rest-person,USER_POOL_CLIENT_ID", "rest-machine,USER_POOL_ISSUER",
        "rest-machine,MACHINE_CLIENT_IDS"})
    void withoutItsConfigurationNobodyIsLetIn(String event, String variable) throws IOException {
        for (String empty : new String[] {null, "", " "}) {
            Map<String, String> variables = new HashMap<>(CONFIGURED);
            variables.put(variable, empty);
            UserPool pool = pool(variables);
            Admission<? extends Caller> admission = event.equals("rest-person") ? pool.people() : pool.machines("orders/read");

            assertThat(answer(admission, event(event))).contains("\"statusCode\":500").doesNotContain(variable);
            assertThat(invocation.logged()).contains("Environment variable " + variable + " is missing or empty");
            assertThat(answer(admission, event("rest-anonymous"))).contains("\"statusCode\":401");
        }
    }

    @Test
    void logNamesCallersByIdsAlone() {
        assertThat(new Caller.Signer("arn:aws:iam::1:user/a").logged()).isEqualTo("arn:aws:iam::1:user/a");
        assertThat(new Caller.Person("s", "ada@example.com", "Ada", "c", "i", Set.of()).logged()).isEqualTo("person/s");
        assertThat(new Caller.Machine("c", "i", Set.of()).logged()).isEqualTo("machine/c");
        assertThat(new Caller.Partner("acme").logged()).isEqualTo("partner/acme");
        assertThat(new Caller.Consumer("k").logged()).isEqualTo("consumer/k");
    }

    private void assertUnauthorized(String answer, String reason) {
        assertThat(answer)
                .contains("\"statusCode\":401", "\"WWW-Authenticate\":\"Bearer\"", "/problems/unauthorized", "no valid credentials")
                .doesNotContain(reason);
        assertThat(invocation.logged()).contains("Refused a token: " + reason + " correlationId=").doesNotContain(SUBJECT, "@");
    }

    private static void assertForbidden(String answer) {
        assertThat(answer).contains("\"statusCode\":403", "/problems/forbidden");
    }

    private static Admission<Caller.Person> people() {
        return pool(CONFIGURED).people();
    }

    private static Admission<Caller.Machine> machines(String scope) {
        return pool(CONFIGURED).machines(scope);
    }

    private static UserPool oidc() {
        return pool(Map.of("USER_POOL_ISSUER", "https://login.example.com/", "USER_POOL_CLIENT_ID", "web-client"));
    }

    private static UserPool pool(Map<String, String> variables) {
        return UserPool.of(new Configuration(variables));
    }

    private <C extends Caller> String answer(Admission<C> admission, String event) throws IOException {
        Router router = new Router().on("GET", "/things", admission, (caller, request) ->
                Response.json(200, json -> json.writeStringField("caller", caller.toString())));
        return invocation.run(router::answer, event);
    }

    private static String event(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/events", name + ".json"));
    }
}
