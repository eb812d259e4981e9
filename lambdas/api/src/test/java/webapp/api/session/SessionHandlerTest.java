package webapp.api.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.http.HttpCalls;
import webapp.api.session.CognitoDouble.Fault;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;

class SessionHandlerTest {
    private static final String ADA = "ada@example.com";
    private static final String EVA = "eva@example.com";
    private static final String PASSWORD = "correct horse battery staple 1";
    private static final String NOBODYS = "3f0c2b1e-8a54-4d0b-9c3e-6f1d2a7b5c90";
    private static final String GONE =
            "__Host-refresh=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0";

    private final CognitoDouble pool = new CognitoDouble();
    private final List<Long> pauses = Collections.synchronizedList(new ArrayList<>());
    private final SessionHandler handler = handler(Map.of());
    private final Browser browser = new Browser(handler);

    @AfterEach
    void nothingPersonalIsLogged() {
        pool.close();
        assertThat(browser.logged())
                .doesNotContain("example.com", "correct horse", "wrong-password", "12345", "refresh.", "id.1", "access.");
    }

    @Test
    void accountIsMadeConfirmedSignedInRefreshedAndSignedOut() {
        Browser.Answer signedUp = browser.post("/session/sign-up", Map.of("email", ADA, "password", PASSWORD));
        assertThat(signedUp.status()).isEqualTo(202);
        assertThat(signedUp.text()).matches("\\{\"email\":\"ada@example.com\",\"accountId\":\"[0-9a-f-]{36}\"}");
        String accountId = accountId(signedUp);

        Browser.Answer confirmed = confirm(accountId, pool.code(accountId));
        assertThat(confirmed.status()).isEqualTo(204);
        assertThat(confirmed.text()).isEmpty();

        Browser.Answer signedIn = signIn(PASSWORD);
        assertThat(signedIn.status()).isEqualTo(200);
        assertThat(signedIn.body().properties()).extracting(Map.Entry::getKey).containsExactly("idToken", "expiresIn");
        assertThat(signedIn.body().get("expiresIn").asInt()).isEqualTo(900);
        assertThat(signedIn.headers().get("Cache-Control").asText()).isEqualTo("no-store");
        String token = signedIn.refreshToken();
        assertThat(signedIn.cookies()).containsExactly(
                "__Host-refresh=" + token + "; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=2592000");
        assertThat(signedIn.text()).doesNotContain(token);

        Browser.Answer refreshed = refresh(token);
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.body().get("idToken")).isNotEqualTo(signedIn.body().get("idToken"));
        assertThat(refreshed.cookies()).isEmpty();

        Browser.Answer signedOut = browser.post("/session/sign-out", "__Host-refresh=" + token);
        assertThat(signedOut.status()).isEqualTo(204);
        assertThat(signedOut.cookies()).containsExactly(GONE);
        assertThat(pool.isOpen(token)).isFalse();
        assertThat(refresh(token).status()).isEqualTo(401);
        assertThat(browser.logged()).isEmpty();
    }

    @Test
    void whoSignsUpFirstWithAnothersAddressHasPreparedNothing() {
        String attackersPassword = "eve knows this one 1";
        String attackers = accountId(browser.post("/session/sign-up", Map.of("email", ADA, "password", attackersPassword)));
        String owners = accountId(browser.post("/session/sign-up", Map.of("email", ADA, "password", PASSWORD)));

        assertThat(confirm(owners, pool.code(attackers)).status()).as("a code is for its own sign-up").isEqualTo(409);
        assertThat(signIn(PASSWORD).status()).as("not proven yet").isEqualTo(401);
        assertThat(confirm(owners, pool.code(owners)).status()).isEqualTo(204);

        assertThat(signIn(PASSWORD).status()).isEqualTo(200);
        assertThat(signIn(attackersPassword).status()).isEqualTo(401);
        Browser.Answer late = confirm(attackers, pool.code(attackers));
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.type()).isEqualTo("/problems/code-not-accepted");
        assertThat(signIn(attackersPassword).status()).isEqualTo(401);
        assertThat(signIn(PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void existingAddressIsSignedUpAlikeAndItsCodeConfirmsNothing() {
        pool.add(EVA, PASSWORD);
        Browser.Answer created = browser.post("/session/sign-up", Map.of("email", ADA, "password", PASSWORD));
        Browser.Answer existing = browser.post("/session/sign-up", Map.of("email", EVA, "password", PASSWORD));

        assertThat(existing.status()).isEqualTo(created.status());
        assertThat(existing.headers()).isEqualTo(created.headers());
        assertThat(existing.text().replace(EVA, ADA).replace(accountId(existing), accountId(created))).isEqualTo(created.text());
        assertThat(pool.operations()).containsExactly("SignUp", "SignUp");
        assertThat(confirm(accountId(existing), pool.code(accountId(existing))))
                .as("as a wrong code is").isEqualTo(confirm(accountId(created), "000000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LimitExceededException", "CodeDeliveryFailureException"})
    void signUpThatNoMailReachesIsToldToOnCall(String refusal) {
        pool.faults.add(Fault.refusal(refusal, "Exceeded daily email limit for " + ADA));

        assertThat(browser.post("/session/sign-up", Map.of("email", ADA, "password", PASSWORD)).status()).isEqualTo(202);
        assertThat(browser.logged()).contains("Cognito refused SignUp with " + refusal + ", correlationId=");
    }

    @Test
    void refusedPasswordIsToldByItsRuleAndNotByCognitosText() {
        Browser.Answer answer = browser.post("/session/sign-up", Map.of("email", ADA, "password", "correct horse battery staple"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.type()).isEqualTo("/problems/invalid-request");
        assertThat(answer.error("/password")).isEqualTo("must have a digit");
        assertThat(answer.text()).doesNotContain("conform", "correct horse");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Password did not conform with policy: Password not long enough|must be longer
            Password did not conform with policy: Password must have uppercase characters|must have an upper-case letter
            Password did not conform with policy: Password must have lowercase characters|must have a lower-case letter
            Password did not conform with policy: Password must have symbol characters|must have a symbol
            Password did not conform with policy: not long enough; symbol|must be longer, must have a symbol
            Provided password cannot be used for security reasons.|does not follow the rules for passwords
            """)
    void rulesOfThePoolAreTold(String text, String rule) {
        pool.faults.add(Fault.refusal("InvalidPasswordException", text));

        assertThat(browser.post("/session/sign-up", Map.of("email", ADA, "password", PASSWORD)).error("/password")).isEqualTo(rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x|correct horse 1|/email|must be 6-128 characters long
            ada.example.com|correct horse 1|/email|must be an email address
            ada@example|correct horse 1|/email|must be an email address
            ada@example.com|short 1|/password|must be 12-256 characters long
            ada@example.com|' correct horse 1'|/password|must not begin or end with white space, or have a line break
            ada@example.com|'correct horse 1 '|/password|must not begin or end with white space, or have a line break
            """)
    void badAccountIsRefusedBeforeCognitoIsAsked(String email, String password, String pointer, String detail) {
        Browser.Answer answer = browser.post("/session/sign-up", Map.of("email", email, "password", password));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error(pointer)).isEqualTo(detail);
        assertThat(pool.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ufeffcorrect horse 1", "correct horse 1\u001f", "correct horse 1\u0085"})
    void whatAnyReaderOfTheContractCountsAsWhiteSpaceEndsNoPassword(String password) {
        assertThat(browser.post("/session/sign-up", Map.of("email", ADA, "password", password)).error("/password"))
                .isEqualTo("must not begin or end with white space, or have a line break");
    }

    @Test
    void longestAddressAndPasswordFit() {
        String email = "a".repeat(64) + "@" + "b".repeat(59) + ".com";
        assertThat(email).hasSize(128);

        assertThat(browser.post("/session/sign-up", Map.of("email", email, "password", "🦊1".repeat(128))).status()).isEqualTo(202);
        assertThat(browser.post("/session/sign-up", Map.of("email", email + "m", "password", PASSWORD)).error("/email"))
                .isEqualTo("must be 6-128 characters long");
        assertThat(browser.post("/session/sign-up", Map.of("email", ADA, "password", "x".repeat(257))).status()).isEqualTo(400);
    }

    @Test
    void passwordThatThePoolWouldRefuseIsRefusedForExistingAddressesToo() {
        pool.add(ADA, PASSWORD);
        Browser strict = new Browser(handler(Map.of("PASSWORD_MINIMUM_LENGTH", "16")));

        Browser.Answer answer = strict.post("/session/sign-up", Map.of("email", ADA, "password", "fifteen-chars-1"));

        assertThat(answer.error("/password")).isEqualTo("must be 16-256 characters long");
        assertThat(pool.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/session/sign-up", "/session/confirm", "/session/resend-code", "/session/sign-in"})
    void bodyMustBeJson(String path) {
        for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")) {
            assertThat(browser.post(path, "{}", Map.of("Content-Type", type)).status()).as("a foreign form can send " + type).isEqualTo(415);
        }
        assertThat(browser.post(path, "{\"x\":1}", Map.of("Content-Type", "application/json")).error("/x")).isEqualTo("is not known");
        assertThat(pool.calls).isEmpty();
    }

    @Test
    void codeThatDoesNotFitIsNotAccepted() {
        String accountId = pool.addUnconfirmed(ADA, PASSWORD);

        for (String account : List.of(accountId, NOBODYS)) {
            Browser.Answer answer = confirm(account, "000000");
            assertThat(answer.status()).isEqualTo(409);
            assertThat(answer.type()).isEqualTo("/problems/code-not-accepted");
        }
        assertThat(confirm(accountId, "x").error("/code")).isEqualTo("must be six digits");
        assertThat(confirm(ADA, "000000").error("/accountId")).isEqualTo("must be the one that signUp answered");
        assertThat(confirm(accountId, pool.code(accountId)).status()).isEqualTo(204);
        assertThat(confirm(accountId, pool.code(accountId)).status()).isEqualTo(409);
        assertThat(pool.operations()).as("what no account can be is not asked for").hasSize(4);
    }

    @Test
    void anotherCodeIsAnsweredAlikeWhoeverAsks() {
        String accountId = pool.addUnconfirmed(ADA, PASSWORD);
        List<Fault> refusals = List.of(
                Fault.refusal("UserNotFoundException", "User does not exist."),
                Fault.refusal("CodeDeliveryFailureException", "ada@example.com"));

        List<Browser.Answer> answers = new ArrayList<>();
        for (String account : List.of(accountId, pool.add(EVA, PASSWORD), NOBODYS)) {
            answers.add(browser.post("/session/resend-code", Map.of("accountId", account)));
        }
        for (Fault refusal : refusals) {
            pool.faults.add(refusal);
            answers.add(browser.post("/session/resend-code", Map.of("accountId", accountId)));
        }

        assertThat(answers).hasSize(5).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.text()).matches("\\{\"accountId\":\"[0-9a-f-]{36}\"}");
        });
        assertThat(browser.post("/session/resend-code", Map.of("accountId", ADA)).error("/accountId"))
                .isEqualTo("must be the one that signUp answered");
        assertThat(browser.logged())
                .contains("Cognito refused ResendConfirmationCode with CodeDeliveryFailureException, correlationId=c6af9ac6");
    }

    @Test
    void wrongPasswordAndUnknownAddressAreAnsweredAlike() {
        pool.add(ADA, PASSWORD);

        Browser.Answer wrong = signIn("wrong-password");
        Browser.Answer unknown = browser.post("/session/sign-in", Map.of("email", EVA, "password", PASSWORD));
        Browser.Answer impossible = browser.post("/session/sign-in", Map.of("email", "no-address", "password", PASSWORD));

        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.type()).isEqualTo("/problems/not-signed-in");
        assertThat(wrong.cookies()).isEmpty();
        assertThat(unknown).isEqualTo(wrong);
        assertThat(impossible).isEqualTo(wrong);
    }

    @Test
    void unconfirmedAddressIsTold() {
        pool.faults.add(Fault.refusal("UserNotConfirmedException", "User is not confirmed."));

        Browser.Answer answer = signIn(PASSWORD);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.type()).isEqualTo("/problems/address-not-confirmed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SMS_MFA", "SOFTWARE_TOKEN_MFA", "NEW_PASSWORD_REQUIRED", "MFA_SETUP", "EMAIL_OTP", "SELECT_CHALLENGE"})
    void challengeIsNotSupported(String challenge) {
        pool.faults.add(Fault.status(200, "{\"ChallengeName\":\"" + challenge + "\",\"Session\":\"s\",\"ChallengeParameters\":{}}"));

        Browser.Answer answer = signIn(PASSWORD);

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.type()).isEqualTo("/problems/sign-in-not-supported");
        assertThat(answer.cookies()).isEmpty();
    }

    @Test
    void passwordThatMustBeResetIsNotSupported() {
        pool.faults.add(Fault.refusal("PasswordResetRequiredException", "Password reset required for the user"));

        assertThat(signIn(PASSWORD).type()).isEqualTo("/problems/sign-in-not-supported");
    }

    @Test
    void rotatedTokenIsANewCookie() {
        String first = signedIn().refreshToken();
        pool.rotates = true;

        Browser.Answer refreshed = refresh(first);

        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.cookies()).hasSize(1);
        assertThat(refreshed.refreshToken()).isNotEqualTo(first);
        assertThat(refresh(refreshed.refreshToken()).status()).isEqualTo(200);
        assertThat(refresh(first).cookies()).containsExactly(GONE);
    }

    @Test
    void withoutCookieNobodyIsSignedInAndCognitoIsNotAsked() {
        for (String cookies : new String[] {null, "", "theme=dark", "refresh=x", "__host-refresh=x", "x__Host-refresh=x",
            // Names without the prefix to a browser, which any site of the domain may set.
            "\u2000__Host-refresh=x", "__Host-refresh\u3000=x", "__Secure-refresh=x"}) {
            Browser.Answer answer = browser.post("/session/refresh", cookies);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.type()).isEqualTo("/problems/not-signed-in");
            assertThat(answer.cookies()).isEmpty();
        }
        assertThat(pool.calls).isEmpty();
    }

    @Test
    void refusedTokenTakesItsCookieAway() {
        for (String refusal : List.of("NotAuthorizedException", "RefreshTokenReuseException", "UserNotFoundException")) {
            pool.faults.add(Fault.refusal(refusal, "Refresh Token has been revoked"));

            Browser.Answer answer = refresh("refresh.0");

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.cookies()).containsExactly(GONE);
        }
    }

    @Test
    void cookieIsFoundAmongOthers() {
        String token = signedIn().refreshToken();

        assertThat(browser.post("/session/refresh", "theme=dark; __Host-refresh=" + token + "; a=b=c").status()).isEqualTo(200);
        assertThat(browser.post("/session/refresh", "x;;__Host-refresh=" + token + ";").status()).isEqualTo(200);
        assertThat(browser.post("/session/refresh", "__Host-refresh=" + token + "; __Host-refresh=" + token).status()).isEqualTo(200);
    }

    @Test
    void cookieThatAnotherSiteOfTheDomainAddedSignsNobodyIn() {
        String token = signedIn().refreshToken();
        int before = pool.calls.size();

        for (String cookies : List.of(
                "__Host-refresh=refresh.other; __Host-refresh=" + token,
                "__Host-refresh=" + token + "; __Host-refresh=",
                "__Host-refresh=",
                "__Host-refresh=a b",
                "__Host-refresh=\"" + token + "\"",
                "__Host-refresh=" + "x".repeat(3901))) {
            Browser.Answer answer = browser.post("/session/refresh", cookies);
            assertThat(answer.status()).as(cookies).isEqualTo(401);
            assertThat(answer.cookies()).containsExactly(GONE);
        }
        assertThat(pool.calls).hasSize(before);
    }

    @Test
    void signingOutTwiceOrWithoutCookieIsNoError() {
        String token = signedIn().refreshToken();

        for (String cookies : new String[] {"__Host-refresh=" + token, "__Host-refresh=" + token, "__Host-refresh=a b", null}) {
            Browser.Answer answer = browser.post("/session/sign-out", cookies);
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.cookies()).containsExactly(GONE);
        }
        assertThat(pool.operations()).containsExactly("InitiateAuth", "RevokeToken", "RevokeToken");
    }

    @Test
    void sessionThatCannotBeRevokedEndsInThisBrowserAndOnCallIsTold() {
        pool.faults.add(Fault.refusal("UnsupportedOperationException", "Revocation is not enabled"));

        Browser.Answer answer = browser.post("/session/sign-out", "__Host-refresh=refresh.0");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(browser.logged()).contains("Cognito refused RevokeToken with UnsupportedOperationException");
    }

    @Test
    void sessionStaysWhileCognitoIsAwayAndCanBeEndedLater() {
        pool.stop();

        Browser.Answer answer = browser.post("/session/sign-out", "__Host-refresh=refresh.0");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.cookies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            same-origin, -,                          true,  true
            none,        -,                          true,  true
            same-origin, https://shop.example.com,   true,  true
            same-site,   https://blog.example.com,   false, false
            cross-site,  https://evil.example.net,   false, false
            cross-site,  null,                       false, false
            same-site,   https://app.example.com,    false, true
            cross-site,  https://app.example.com,    false, true
            cross-site,  -,                          false, false
            -,           -,                          true,  true
            -,           https://app.example.com,    true,  true
            -,           https://evil.example.net,   true,  false
            -,           null,                       false, false
            """)
    void onlyPagesOfTheSiteActOnTheCookie(String site, String origin, boolean served, boolean servedWithAppListed) {
        String token = signedIn().refreshToken();
        Map<String, String> headers = new HashMap<>(Map.of("Cookie", "__Host-refresh=" + token));
        if (site != null) {
            headers.put("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            headers.put("Origin", origin);
        }
        Browser listed = new Browser(handler(Map.of("SESSION_ORIGINS", "https://app.example.com, https://x.example.com")));

        assertThat(browser.post("/session/refresh", null, headers).status()).isEqualTo(served ? 200 : 403);
        assertThat(listed.post("/session/refresh", null, headers).status()).isEqualTo(servedWithAppListed ? 200 : 403);
        Browser.Answer signedOut = browser.post("/session/sign-out", null, headers);
        assertThat(signedOut.status()).isEqualTo(served ? 204 : 403);
        assertThat(signedOut.cookies()).hasSize(served ? 1 : 0);
        assertThat(pool.isOpen(token)).isEqualTo(!served);
    }

    @Test
    void throttledCallIsTriedOnceMore() {
        pool.add(ADA, PASSWORD);
        pool.faults.add(Fault.refusal("TooManyRequestsException", "Rate exceeded"));

        assertThat(signIn(PASSWORD).status()).isEqualTo(200);
        assertThat(pool.operations()).containsExactly("InitiateAuth", "InitiateAuth");
    }

    @ParameterizedTest
    @CsvSource({"TooManyRequestsException,2,2", "LimitExceededException,60,1", "TooManyFailedAttemptsException,60,1"})
    void tooMuchIsToldWithWhenToComeBack(String refusal, String seconds, int calls) {
        String accountId = pool.addUnconfirmed(ADA, PASSWORD);
        for (Map.Entry<String, Map<String, String>> operation : Map.of(
                "/session/confirm", Map.of("accountId", accountId, "code", pool.code(accountId)),
                "/session/resend-code", Map.of("accountId", accountId)).entrySet()) {
            pool.calls.clear();
            for (int i = 0; i < calls; i++) {
                pool.faults.add(Fault.refusal(refusal, ADA));
            }

            Browser.Answer answer = browser.post(operation.getKey(), operation.getValue());

            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.type()).isEqualTo("/problems/too-many-requests");
            assertThat(answer.headers().get("Retry-After").asText()).isEqualTo(seconds);
            assertThat(pool.calls).hasSize(calls);
        }
    }

    @Test
    void lostSignUpIsRepeatedAndAnsweredAsDone() {
        for (Fault fault : List.of(
                Fault.hangUp(), Fault.hangUpAfterwards(), Fault.status(500, "{\"__type\":\"InternalErrorException\"}"),
                Fault.status(503, ""), Fault.status(200, "no JSON ada@example.com"), Fault.status(200, "[\"ada@example.com\"]"))) {
            pool.calls.clear();
            pool.faults.add(fault);
            String email = "ada" + pauses.size() + "@example.com";

            assertThat(browser.post("/session/sign-up", Map.of("email", email, "password", PASSWORD)).status()).isEqualTo(202);
            assertThat(pool.operations()).containsExactly("SignUp", "SignUp");
            assertThat(pool.accounts(email)).as("the second try made no second one").isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/session/sign-in", "/session/confirm", "/session/resend-code"})
    void whatCountsOrSendsIsNotRepeatedOnceItWasSent(String path) {
        String accountId = pool.add(ADA, PASSWORD);
        Map<String, String> members = path.equals("/session/sign-in")
                ? Map.of("email", ADA, "password", PASSWORD)
                : path.equals("/session/confirm")
                        ? Map.of("accountId", accountId, "code", pool.code(accountId))
                        : Map.of("accountId", accountId);
        for (Fault fault : List.of(
                Fault.hangUp(), Fault.hangUpAfterwards(), Fault.status(500, "{}"), Fault.status(200, "no JSON ada@example.com"))) {
            pool.calls.clear();
            pool.faults.add(fault);

            Browser.Answer answer = browser.post(path, members);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.headers().get("Retry-After").asText()).isEqualTo("5");
            assertThat(answer.text()).doesNotContain("Cognito", "127.0.0.1");
            assertThat(pool.calls).as("neither by us nor by the JDK").hasSize(1);
        }
    }

    @Test
    void lostRefreshAndSignOutAreRepeated() {
        String token = signedIn().refreshToken();

        pool.faults.add(Fault.hangUpAfterwards());
        assertThat(refresh(token).status()).isEqualTo(200);
        pool.faults.add(Fault.hangUpAfterwards());
        assertThat(browser.post("/session/sign-out", "__Host-refresh=" + token).status()).isEqualTo(204);
        assertThat(pool.isOpen(token)).isFalse();
    }

    @Test
    void outageOfCognitoIs503AndTheFunctionRecovers() {
        pool.add(ADA, PASSWORD);
        pool.stop();
        for (Browser.Answer answer : List.of(
                signIn(PASSWORD),
                refresh("refresh.0"),
                browser.post("/session/sign-up", Map.of("email", ADA, "password", PASSWORD)),
                browser.post("/session/resend-code", Map.of("accountId", NOBODYS)))) {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.type()).isEqualTo("/problems/service-unavailable");
        }
        assertThat(pauses).as("each tried twice").hasSize(4);
        assertThat(browser.logged()).contains("no connection");
        pool.restart();
        assertThat(signIn(PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void silenceEndsWithTheRequestsTime() {
        Browser hurried = new Browser(handler, Duration.ofMillis(1500));
        pool.faults.add(Fault.silence());
        assertThat(hurried.post("/session/sign-in", Map.of("email", ADA, "password", PASSWORD)).status()).isEqualTo(503);

        pool.add(ADA, PASSWORD);
        pool.calls.clear();
        pool.faults.add(Fault.silence());
        Browser patient = new Browser(handler, Duration.ofMillis(2500));
        assertThat(patient.post("/session/sign-up", Map.of("email", ADA, "password", PASSWORD)).status())
                .as("the first try leaves time for another").isEqualTo(202);
        assertThat(pool.calls).hasSize(2);
    }

    @Test
    void firstRequestAfterARestoreMeetsNoDeadConnection() {
        pool.add(ADA, PASSWORD);
        String token = signIn(PASSWORD).refreshToken();
        pool.restart();

        assertThat(signIn(PASSWORD).status()).isEqualTo(200);
        pool.restart();
        assertThat(refresh(token).status()).isEqualTo(200);
        assertThat(pool.calls).hasSize(3);
        assertThat(pool.clientPorts).as("a connection each").hasSize(3);
        assertThat(browser.logged()).isEmpty();
    }

    @Test
    void wrongSettingsOfTheClientAreOursAndNamedInTheLog() {
        pool.faults.add(Fault.refusal("ResourceNotFoundException", "User pool client ada@example.com does not exist."));
        pool.faults.add(Fault.refusal("NotAuthorizedException", "Client x is configured with secret but SECRET_HASH was not received"));
        pool.faults.add(Fault.refusal("InvalidParameterException", "USER_PASSWORD_AUTH flow not enabled for this client"));
        pool.faults.add(Fault.refusal("ForbiddenException", ADA));
        pool.faults.add(Fault.status(400, "{\"__type\":\"<ada@example.com>\",\"message\":1}"));
        pool.faults.add(Fault.status(302, ""));
        for (int i = 0; i < 6; i++) {
            Browser.Answer answer = signIn(PASSWORD);
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.text()).doesNotContain("client", "Cognito");
        }
        assertThat(browser.logged())
                .contains("Cognito refused InitiateAuth with ResourceNotFoundException")
                .contains("USER_POOL_CLIENT_ID has a secret")
                .contains("Cognito refused InitiateAuth with InvalidParameterException")
                .contains("ForbiddenException")
                .contains("an unreadable type")
                .contains("no type");

        pool.faults.add(Fault.refusal("NotAuthorizedException", "Client x is configured with secret but SECRET_HASH was not received"));
        Browser.Answer refused = refresh("refresh.0");
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.cookies()).as("nobody is signed out by a mistake of ours").isEmpty();
    }

    @Test
    void typeOfARefusalIsReadInEachOfItsForms() {
        pool.faults.add(Fault.status(400, "{\"__type\":\"com.amazonaws.cognito#NotAuthorizedException\"}"));
        pool.faults.add((cognito, exchange, operation, request) -> {
            exchange.getResponseHeaders().set("x-amzn-ErrorType", "NotAuthorizedException:http://internal.amazon.com/coral/");
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
            return true;
        });

        assertThat(signIn("wrong-password").status()).isEqualTo(401);
        assertThat(signIn("wrong-password").status()).isEqualTo(401);
    }

    @Test
    void answerWithoutTokensIsAFault() {
        for (String answer : List.of("{}", "{\"AuthenticationResult\":{}}", "{\"AuthenticationResult\":{\"IdToken\":\"id.1\","
                + "\"AccessToken\":\"a\",\"ExpiresIn\":900}}", "{\"AuthenticationResult\":{\"IdToken\":\"id.1\",\"AccessToken\":\"a\","
                + "\"ExpiresIn\":900,\"RefreshToken\":\"a;b\"}}")) {
            pool.faults.add(Fault.status(200, answer));
            assertThat(signIn(PASSWORD).status()).isEqualTo(500);
        }
    }

    @Test
    void cookiesOfAnHttpApiAreReadAndWritten() {
        String token = signedIn().refreshToken();
        pool.rotates = true;

        Browser.Answer answer = browser.run("""
                {"version":"2.0","routeKey":"POST /session/refresh","rawPath":"/api/session/refresh","rawQueryString":"",
                "cookies":["theme=dark","__Host-refresh=%s"],"headers":{"sec-fetch-site":"same-origin"},
                "requestContext":{"http":{"method":"POST","path":"/api/session/refresh"},"requestId":"JKJaXmPLvHcESHA="}}"""
                .formatted(token));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.cookies()).hasSize(1);
    }

    @Test
    void cookieLivesAsLongAsTheRefreshToken() {
        pool.add(ADA, PASSWORD);
        Browser week = new Browser(handler(Map.of("REFRESH_TOKEN_DAYS", "7")));

        assertThat(week.post("/session/sign-in", Map.of("email", ADA, "password", PASSWORD)).cookies().getFirst())
                .endsWith("; Max-Age=604800");
    }

    @Test
    void primingAsksCognitoALittleAndLeavesNothing() {
        pool.add(ADA, PASSWORD);

        handler.checkpoint().beforeCheckpoint(null);

        assertThat(pool.operations()).containsExactly(
                "GetTokensFromRefreshToken", "GetTokensFromRefreshToken", "GetTokensFromRefreshToken");
        assertThat(pool.calls).allSatisfy(call -> assertThat(call.request().get("RefreshToken").asText()).isEqualTo("snapstart-priming"));
        pool.restart();
        assertThat(signIn(PASSWORD).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "eu-central-1,https://cognito-idp.eu-central-1.amazonaws.com/",
        "us-gov-west-1,https://cognito-idp.us-gov-west-1.amazonaws.com/",
        "cn-north-1,https://cognito-idp.cn-north-1.amazonaws.com.cn/",
        "us-iso-east-1,https://cognito-idp.us-iso-east-1.c2s.ic.gov/",
        "us-isob-east-1,https://cognito-idp.us-isob-east-1.sc2s.sgov.gov/",
        "eusc-de-east-1,https://cognito-idp.eusc-de-east-1.amazonaws.eu/"
    })
    void endpointIsThePartitions(String region, String endpoint) {
        assertThat(Cognito.endpoint(new Configuration(Map.of("AWS_REGION", region)))).isEqualTo(URI.create(endpoint));
    }

    @Test
    void variablesOfTheSdkNameAnotherEndpoint() {
        Map<String, String> variables = new HashMap<>(Map.of("AWS_REGION", "eu-central-1", "AWS_ENDPOINT_URL", "http://127.0.0.1:1"));
        assertThat(Cognito.endpoint(new Configuration(variables))).isEqualTo(URI.create("http://127.0.0.1:1/"));
        variables.put("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "https://vpce.example.com/");
        assertThat(Cognito.endpoint(new Configuration(variables))).isEqualTo(URI.create("https://vpce.example.com/"));
    }

    @ParameterizedTest
    @CsvSource({
        "USER_POOL_CLIENT_ID,a b", "REFRESH_TOKEN_DAYS,0", "REFRESH_TOKEN_DAYS,3651", "REFRESH_TOKEN_DAYS,x",
        "PASSWORD_MINIMUM_LENGTH,11", "PASSWORD_MINIMUM_LENGTH,257", "PASSWORD_MINIMUM_LENGTH,x", "AWS_ENDPOINT_URL,x"
    })
    void wrongConfigurationIsNamedAtStart(String variable, String value) {
        assertThatThrownBy(() -> handler(Map.of(variable, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(variable);
    }

    @Test
    void regionMustBeOne() {
        assertThatThrownBy(() -> Cognito.endpoint(new Configuration(Map.of("AWS_REGION", "evil.example.com/"))))
                .isInstanceOf(ConfigurationException.class);
    }

    private Browser.Answer signedIn() {
        pool.add(ADA, PASSWORD);
        return signIn(PASSWORD);
    }

    private Browser.Answer signIn(String password) {
        return browser.post("/session/sign-in", Map.of("email", ADA, "password", password));
    }

    private Browser.Answer confirm(String accountId, String code) {
        return browser.post("/session/confirm", Map.of("accountId", accountId, "code", code));
    }

    private static String accountId(Browser.Answer signedUp) {
        return signedUp.body().get("accountId").asText();
    }

    private Browser.Answer refresh(String token) {
        return browser.post("/session/refresh", "__Host-refresh=" + token);
    }

    private SessionHandler handler(Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "AWS_REGION", "eu-central-1", "AWS_ENDPOINT_URL", pool.url(), "USER_POOL_CLIENT_ID", CognitoDouble.CLIENT_ID));
        variables.putAll(more);
        return new SessionHandler(new Configuration(variables), new HttpCalls(), pauses::add);
    }
}
