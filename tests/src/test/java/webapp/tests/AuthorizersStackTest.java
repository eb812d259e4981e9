package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may call what, through the site, the API's authorizers and the functions: every way to be refused, and the right one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(SharedStack.class)
class AuthorizersStackTest {
    private static final String ORDERS = "/api/orders";
    private static final String FULFILMENT = "/api/fulfilment/orders";
    private static final String ACME = "/api/partners/acme/products";
    private static final String FEED = "/api/feed/products";

    private AppliedStack stack;
    private ApiClient api;
    private UserPool pool;
    private String person;
    private JsonNode tokens;
    private String audience;

    @BeforeAll
    void signIn(AppliedStack applied) {
        stack = applied;
        api = new ApiClient(stack.url());
        pool = new UserPool(stack);
        person = pool.person();
        tokens = pool.signIn(person);
        audience = stack.terraform().output("partner_audience");
    }

    @AfterEach
    void setClockRight() {
        stack.setClockAhead(0);
    }

    // ---------------------------------------------------------------- people

    @Test
    void personReadsTheOwnOrdersWithTheIdToken() {
        assertThat(api.getWithToken(ORDERS, idToken()).statusCode()).isEqualTo(200);
        assertThat(ApiClient.json(api.getWithToken("/api/users/me", idToken())).path("email").asText()).isEqualTo(person);
    }

    @Test
    void nobodyIsAPersonWithoutAToken() {
        HttpResponse<String> answer = api.get(ORDERS);
        ApiClient.assertProblem(answer, 401);
        assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
    }

    @Test
    void malformedTokenIsRefused() {
        ApiClient.assertProblem(api.getWithToken(ORDERS, "not.a.token"), 401);
        ApiClient.assertProblem(api.send("GET", ORDERS, "", "Authorization", "Basic YTpi"), 401);
    }

    @Test
    void tamperedTokenIsRefused() {
        ApiClient.assertProblem(api.getWithToken(ORDERS, UserPool.tampered(idToken(), 1)), 401);
        ApiClient.assertProblem(api.getWithToken(ORDERS, UserPool.tampered(idToken(), 2)), 401);
    }

    @Test
    void expiredTokenIsRefused() {
        stack.setClockAhead(901);
        ApiClient.assertProblem(api.getWithToken(ORDERS, idToken()), 401);
    }

    @Test
    void accessTokenIsNoIdToken() {
        ApiClient.assertProblem(api.getWithToken(ORDERS, accessToken()), 401);
    }

    @Test
    void idTokenOfAnotherClientOfThePoolIsRefused() {
        String client = pool.admin("CreateUserPoolClient", Map.of("UserPoolId", pool.id(), "ClientName", "another",
                "ExplicitAuthFlows", List.of("ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"))).at("/UserPoolClient/ClientId").asText();
        String token = pool.admin("InitiateAuth", Map.of("ClientId", client, "AuthFlow", "USER_PASSWORD_AUTH",
                "AuthParameters", Map.of("USERNAME", person, "PASSWORD", UserPool.PASSWORD))).at("/AuthenticationResult/IdToken").asText();

        ApiClient.assertProblem(api.getWithToken(ORDERS, token), 401);
    }

    @Test
    void idTokenOfAnotherPoolIsRefused() {
        String other = pool.admin("CreateUserPool", Map.of("PoolName", "other", "UsernameAttributes", List.of("email"))).at("/UserPool/Id").asText();
        String client = pool.admin("CreateUserPoolClient", Map.of("UserPoolId", other, "ClientName", "web",
                "ExplicitAuthFlows", List.of("ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"))).at("/UserPoolClient/ClientId").asText();
        pool.admin("AdminCreateUser", Map.of("UserPoolId", other, "Username", person, "MessageAction", "SUPPRESS"));
        pool.admin("AdminSetUserPassword", Map.of("UserPoolId", other, "Username", person, "Password", "Correct-horse-7", "Permanent", true));
        String token = pool.admin("InitiateAuth", Map.of("ClientId", client, "AuthFlow", "USER_PASSWORD_AUTH",
                "AuthParameters", Map.of("USERNAME", person, "PASSWORD", "Correct-horse-7"))).at("/AuthenticationResult/IdToken").asText();

        ApiClient.assertProblem(api.getWithToken(ORDERS, token), 401);
    }

    @Test
    void membersOfTheGroupSupportReadAnybodysOrderAndTheLogSaysWho() {
        String orderId = placeOrder(idToken());
        String somebody = pool.person();
        ApiClient.assertProblem(api.getWithToken(ORDERS + "/" + orderId, pool.idToken(somebody)), 404);

        pool.admin("AdminAddUserToGroup", Map.of("UserPoolId", pool.id(), "Username", somebody, "GroupName", "support"));
        assertThat(api.getWithToken(ORDERS + "/" + orderId, pool.idToken(somebody)).statusCode()).isEqualTo(200);
        assertThat(stack.log("orders")).contains(orderId);
    }

    // ---------------------------------------------------------------- sessions

    @Test
    void refreshTokenThatWasRevokedGivesNoTokens() {
        HttpResponse<String> signedIn = pool.post("/api/session/sign-in", Map.of("email", person, "password", UserPool.PASSWORD));
        String cookie = signedIn.headers().firstValue("set-cookie").orElseThrow().replaceFirst(";.*", "");
        assertThat(api.send("POST", "/api/session/refresh", "", "Cookie", cookie).statusCode()).isEqualTo(200);
        assertThat(api.send("POST", "/api/session/sign-out", "", "Cookie", cookie).statusCode()).isEqualTo(204);

        ApiClient.assertProblem(api.send("POST", "/api/session/refresh", "", "Cookie", cookie), 401);
    }

    @Test
    void pageOfAnotherSiteCannotActOnTheSession() {
        ApiClient.assertProblem(api.send("POST", "/api/session/sign-out", "", "Cookie", "__Host-refresh=x", "Sec-Fetch-Site", "cross-site"), 403);
    }

    @Test
    void wrongPasswordAndUnknownAddressAreAnsweredAlike() {
        HttpResponse<String> wrong = pool.post("/api/session/sign-in", Map.of("email", person, "password", "wrong horse battery staple"));
        HttpResponse<String> unknown = pool.post("/api/session/sign-in", Map.of("email", "nobody@example.com", "password", UserPool.PASSWORD));
        ApiClient.assertProblem(wrong, 401);
        assertThat(withoutId(unknown)).isEqualTo(withoutId(wrong));
    }

    @Test
    void secondSignUpOfAnAddressIsAnsweredLikeTheFirstAndItsCodeConfirmsNothing() {
        String again = pool.signUp(person, "another horse battery staple");

        ApiClient.assertProblem(pool.confirm(again, pool.mailedCode(person)), 409);
        assertThat(signIn(person, "another horse battery staple").statusCode()).isEqualTo(401);
        assertThat(signIn(person, UserPool.PASSWORD).statusCode()).isEqualTo(200);
    }

    @Test
    void whoSignsUpFirstWithAnothersAddressHasPreparedNothing() {
        String victim = "victim-" + UUID.randomUUID() + "@example.com";
        String attackersPassword = "attacker horse battery staple";
        String attackers = pool.signUp(victim.toUpperCase(Locale.ROOT), attackersPassword);
        String attackersCode = pool.mailedCode(victim.toUpperCase(Locale.ROOT));
        String owners = pool.signUp(victim, UserPool.PASSWORD);

        assertThat(signIn(victim, attackersPassword).statusCode()).as("not proven yet").isEqualTo(401);
        assertThat(pool.confirm(owners, pool.mailedCode(victim)).statusCode()).isEqualTo(204);

        assertThat(signIn(victim, UserPool.PASSWORD).statusCode()).isEqualTo(200);
        ApiClient.assertProblem(signIn(victim, attackersPassword), 401);
        ApiClient.assertProblem(pool.confirm(attackers, attackersCode), 409);
        ApiClient.assertProblem(signIn(victim, attackersPassword), 401);
    }

    private HttpResponse<String> signIn(String email, String password) {
        return pool.post("/api/session/sign-in", Map.of("email", email, "password", password));
    }

    // ---------------------------------------------------------------- machines

    @Test
    void machineWithTheScopeListsTheOrders() {
        HttpResponse<String> answer = api.getWithToken(FULFILMENT, pool.machineToken(pool.warehouse(), "orders/read"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void nobodyIsAMachineWithoutAToken() {
        ApiClient.assertProblem(api.get(FULFILMENT), 401);
        ApiClient.assertProblem(api.getWithToken(FULFILMENT, "not.a.token"), 401);
    }

    @Test
    void tamperedOrExpiredAccessTokenIsRefused() {
        String token = pool.machineToken(pool.warehouse(), "orders/read");
        ApiClient.assertProblem(api.getWithToken(FULFILMENT, UserPool.tampered(token, 1)), 401);
        stack.setClockAhead(3601);
        ApiClient.assertProblem(api.getWithToken(FULFILMENT, token), 401);
    }

    @Test
    void idTokenIsNoAccessToken() {
        ApiClient.assertProblem(api.getWithToken(FULFILMENT, idToken()), 401);
    }

    @Test
    void accessTokenOfAPersonHasNotTheScope() {
        ApiClient.assertProblem(api.getWithToken(FULFILMENT, accessToken()), 401, 403);
    }

    @Test
    void accessTokenWithAnotherScopeIsRefused() {
        pool.admin("CreateResourceServer", Map.of("UserPoolId", pool.id(), "Identifier", "others", "Name", "others",
                "Scopes", List.of(Map.of("ScopeName", "read", "ScopeDescription", "Others"))));
        ApiClient.assertProblem(api.getWithToken(FULFILMENT, pool.machineToken(machineClient("others/read"), "others/read")), 401, 403);
    }

    @Test
    void accessTokenOfAMachineNobodyConfiguredIsRefused() {
        ApiClient.assertProblem(api.getWithToken(FULFILMENT, pool.machineToken(machineClient("orders/read"), "orders/read")), 401);
    }

    private String machineClient(String scope) {
        return pool.admin("CreateUserPoolClient", Map.of("UserPoolId", pool.id(), "ClientName", "made-by-hand", "GenerateSecret", true,
                "AllowedOAuthFlowsUserPoolClient", true, "AllowedOAuthFlows", List.of("client_credentials"),
                "AllowedOAuthScopes", List.of(scope))).at("/UserPoolClient/ClientId").asText();
    }

    // ---------------------------------------------------------------- partners

    @Test
    void partnerReadsItsOwnProducts() {
        HttpResponse<String> answer = api.getWithToken(ACME, partnerToken(Partner.ACME));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(ApiClient.json(answer).path("products")).isNotEmpty();
    }

    @Test
    void nobodyIsAPartnerWithoutAToken() {
        ApiClient.assertProblem(api.get(ACME), 401);
        ApiClient.assertProblem(api.getWithToken(ACME, "not.a.token"), 401);
    }

    @Test
    void tokenThatThePartnerDidNotSignIsRefused() {
        ApiClient.assertProblem(api.getWithToken(ACME, UserPool.tampered(partnerToken(Partner.ACME), 1)), 401);
        ApiClient.assertProblem(api.getWithToken(ACME, UserPool.tampered(partnerToken(Partner.ACME), 2)), 401);
        ApiClient.assertProblem(api.getWithToken(ACME, partnerToken(new Partner("acme", Partner.BIRCH.keys()))), 401);
        ApiClient.assertProblem(api.getWithToken(ACME, partnerToken(Partner.of("cedar"))), 401);
        ApiClient.assertProblem(api.getWithToken(ACME, idToken()), 401);
    }

    @Test
    void partnersTokenIsForThisApiAndForNow() {
        ApiClient.assertProblem(api.getWithToken(ACME, Partner.ACME.token("another", Instant.now().plusSeconds(60))), 401);
        ApiClient.assertProblem(api.getWithToken(ACME, Partner.ACME.token(audience, Instant.now().minusSeconds(120))), 401);
    }

    @Test
    void allowedPartnerReachesNoOtherPathThroughTheCache() {
        String token = partnerToken(Partner.ACME);
        assertThat(api.getWithToken(ACME, token).statusCode()).isEqualTo(200);
        ApiClient.assertProblem(api.getWithToken("/api/partners/birch/products", token), 403);
        ApiClient.assertProblem(api.getWithToken("/api/partners/acme2/products", token), 403);
        assertThat(api.getWithToken(ACME, token).statusCode()).isEqualTo(200);
    }

    @Test
    void deniedPartnerDoesNotBecomeAllowedThroughTheCache() {
        String token = partnerToken(Partner.BIRCH);
        ApiClient.assertProblem(api.getWithToken(ACME, token), 403);
        assertThat(api.getWithToken("/api/partners/birch/products", token).statusCode()).isEqualTo(200);
        ApiClient.assertProblem(api.getWithToken(ACME, token), 403);
    }

    private String partnerToken(Partner partner) {
        return partner.token(audience, Instant.now().plusSeconds(240));
    }

    // ---------------------------------------------------------------- consumers

    @Test
    void consumerReadsTheFeed() {
        assertThat(feed(stack.apiKey("reseller")).statusCode()).isEqualTo(200);
    }

    @Test
    void feedAsksForAKeyThatIsKnown() {
        ApiClient.assertProblem(api.get(FEED), 403);
        ApiClient.assertProblem(feed("unknown-key-of-thirty-characters"), 403);
        ApiClient.assertProblem(api.getWithToken(FEED, idToken()), 403);
    }

    @Test
    void throttleOfOneConsumerIsNotAnothers() {
        String slow = stack.apiKey("slow");
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            statuses.add(feed(slow).statusCode());
        }
        assertThat(statuses).startsWith(200, 200).contains(429);
        assertThat(feed(stack.apiKey("reseller")).statusCode()).isEqualTo(200);
    }

    @Test
    void quotaOfOneConsumerIsNotAnothers() {
        String small = stack.apiKey("small");
        for (int i = 0; i < 3; i++) {
            assertThat(feed(small).statusCode()).isEqualTo(200);
        }
        HttpResponse<String> fourth = feed(small);
        ApiClient.assertProblem(fourth, 429);
        assertThat(ApiClient.json(fourth).path("type").asText()).isEqualTo("/problems/quota-exceeded");
        assertThat(feed(stack.apiKey("reseller")).statusCode()).isEqualTo(200);
        stack.setClockAhead(86_400);
        assertThat(feed(small).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> feed(String key) {
        return api.send("GET", FEED, "", "x-api-key", key);
    }

    // ---------------------------------------------------------------- helpers

    /** Cognito's own, which the API gives nobody. */
    private String accessToken() {
        String token = pool.admin("InitiateAuth", Map.of("ClientId", pool.webClient(), "AuthFlow", "USER_PASSWORD_AUTH",
                "AuthParameters", Map.of("USERNAME", person, "PASSWORD", UserPool.PASSWORD))).at("/AuthenticationResult/AccessToken").asText();
        assertThat(token).isNotEmpty();
        return token;
    }

    private String idToken() {
        return tokens.path("idToken").asText();
    }

    private String placeOrder(String token) {
        HttpResponse<String> answer = api.send("POST", ORDERS, "{\"items\":[{\"productId\":\"oak-stool\",\"quantity\":1}]}",
                "Authorization", "Bearer " + token, "Idempotency-Key", "\"" + Instant.now() + "\"");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return ApiClient.json(answer).path("orderId").asText();
    }

    private static String withoutId(HttpResponse<String> problem) {
        return problem.body().replaceFirst("\"correlationId\":\"[^\"]+\"", "");
    }
}
