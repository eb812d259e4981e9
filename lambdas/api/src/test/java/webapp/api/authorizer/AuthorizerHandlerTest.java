package webapp.api.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.configuration.Configuration;
import webapp.core.configuration.ConfigurationException;
import webapp.core.testing.Invocation;

class AuthorizerHandlerTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final long SECOND = NOW.getEpochSecond();
    private static final String PATH = "/partners/acme/products";
    private static final Signer ACME = Signer.ed25519();
    private static final Signer ACME_NEXT = Signer.p256();
    private static final Signer GLOBEX = Signer.rsa();
    private static final Signer ACME2 = Signer.ed25519();
    private static final Map<String, List<String>> KEYS = Map.of(
            "acme", List.of(ACME.publicKey(), ACME_NEXT.pem()),
            "acme2", List.of(ACME2.publicKey()),
            "globex", List.of(GLOBEX.publicKey()));

    private final AuthorizerHandler handler = handler(KEYS);

    @ParameterizedTest
    @ValueSource(strings = {"authorize-rest-token", "authorize-rest-request", "authorize-http-1", "authorize-http-2"})
    void rightTokenReachesThePartnersOwnPaths(String event) throws IOException {
        Decision decision = Decision.of(handler, event, "Bearer " + ACME.token(claims("acme")), PATH);

        assertThat(decision.answer().at("/principalId").asText()).isEqualTo("acme");
        assertThat(decision.answer().at("/context").toString()).isEqualTo("{\"partnerId\":\"acme\"}");
        assertThat(decision.answer().at("/policyDocument/Version").asText()).isEqualTo("2012-10-17");
        assertThat(decision.allows(Decision.STAGE + "/GET/partners/acme/products")).isTrue();
        assertThat(decision.logged()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/GET/partners/acme2/products", "/GET/partners/acm/products", "/GET/partners/globex/products",
        "/GET/partners/acme", "/GET/partners", "/POST/partners/acme/products", "/DELETE/partners/acme/products", "/GET/orders",
        "/GET/users", "/GET/partners/ACME/products", "/GET/partners/acme%2F../globex/products", "/GET/x/partners/acme/products"})
    void keptPolicyOfOnePartnerReachesNothingElse(String other) throws IOException {
        Decision kept = decide(ACME.token(claims("acme")), PATH);

        assertThat(kept.allows(Decision.STAGE + other)).isFalse();
    }

    @Test
    void keptPolicyReachesNoOtherApiOrStage() throws IOException {
        Decision kept = decide(ACME.token(claims("acme")), PATH);

        assertThat(kept.allows(Decision.STAGE.replace("/api", "/other") + "/GET" + PATH)).isFalse();
        assertThat(kept.allows(Decision.STAGE.replace("abcdef1234", "zzzzzz9999") + "/GET" + PATH)).isFalse();
    }

    @Test
    void policyIsTheSameWhateverPathWasAskedFor() throws IOException {
        String token = ACME.token(claims("acme"));

        Decision own = decide(token, PATH);
        Decision foreign = decide(token, "/partners/globex/products");

        assertThat(foreign.answer()).isEqualTo(own.answer());
        assertThat(foreign.allows(Decision.STAGE + "/GET/partners/globex/products")).isFalse();
    }

    @Test
    void eachAlgorithmIsVerifiedByItsTypeOfKey() throws IOException {
        assertThat(decide(ACME_NEXT.token(claims("acme")), PATH).answer().at("/principalId").asText()).isEqualTo("acme");
        assertThat(decide(GLOBEX.token(claims("globex")), PATH).answer().at("/principalId").asText()).isEqualTo("globex");
    }

    @Test
    void withdrawnKeyIsRefusedAndTheNextServes() throws IOException {
        AuthorizerHandler rotated = handler(Map.of("acme", List.of(ACME_NEXT.publicKey())));

        refused(rotated, ACME.token(claims("acme")), "no key verifies it");
        assertThat(decide(rotated, ACME_NEXT.token(claims("acme")), PATH).answer().at("/principalId").asText()).isEqualTo("acme");
    }

    @Test
    void audienceMayBeOneOfSeveralAndKeyIdIsOptional() throws IOException {
        String claims = claims("acme").replace("\"partners\"", "[\"x\",\"partners\"]");
        String header = "{\"alg\":\"EdDSA\",\"kid\":\"2026\"}";

        assertThat(decide(ACME.token(header, claims), PATH).answer().at("/principalId").asText()).isEqualTo("acme");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void badTokenIsRefused(String reason, String token) {
        refused(handler, token, reason.replaceAll(" \\(.*", ""));
    }

    static Stream<Object[]> badTokens() {
        String right = ACME.token(claims("acme"));
        String[] parts = right.split("[.]");
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("not three parts (one)", "x");
        tokens.put("not three parts (no signature)", parts[0] + "." + parts[1]);
        tokens.put("not three parts (four)", right + ".x");
        tokens.put("not base64url (padding)", right + "==");
        tokens.put("not base64url (plain base64)", parts[0] + "." + parts[1] + ".+/" + parts[2].substring(2));
        tokens.put("not base64url (bits no encoder writes)", otherSpelling(right));
        tokens.put("too long", "x".repeat(Jwt.LONGEST + 1));
        tokens.put("header or claims are no strict JSON object (empty)", "..");
        tokens.put("header or claims are no strict JSON object (list)", ACME.token("[]", claims("acme")));
        tokens.put("header or claims are no strict JSON object (two values)", ACME.token("{\"alg\":\"EdDSA\"}{}", claims("acme")));
        tokens.put("header or claims are no strict JSON object (member twice)",
                ACME.token(claims("acme").replace("{", "{\"sub\":\"globex\",")));
        tokens.put("header or claims are no strict JSON object (algorithm twice)",
                ACME.token("{\"alg\":\"none\",\"alg\":\"EdDSA\"}", claims("acme")));
        tokens.put("header or claims are no strict JSON object (UTF-16)", ACME.token(
                "{\"alg\":\"EdDSA\"}".getBytes(StandardCharsets.UTF_8), claims("acme").getBytes(StandardCharsets.UTF_16)));
        tokens.put("header or claims are no strict JSON object (nested)",
                ACME.token(claims("acme").replace("{", "{\"x\":" + "[".repeat(100) + "]".repeat(100) + ",")));
        tokens.put("critical extension", ACME.token("{\"alg\":\"EdDSA\",\"crit\":[\"exp\"],\"exp\":1}", claims("acme")));
        tokens.put("no algorithm", ACME.token("{\"typ\":\"JWT\"}", claims("acme")));
        tokens.put("malformed key id", ACME.token("{\"alg\":\"EdDSA\",\"kid\":1}", claims("acme")));
        tokens.put("no key verifies it (none)", Signer.encode("{\"alg\":\"none\"}") + "." + parts[1] + ".");
        tokens.put("no key verifies it (none, with a signature)", ACME.token("{\"alg\":\"none\"}", claims("acme")));
        tokens.put("no key verifies it (HS256 by the DER public key)",
                GLOBEX.tokenByHmacWithPublicKey(GLOBEX.keys().getPublic().getEncoded(), claims("globex")));
        tokens.put("no key verifies it (HS256 by the base64 public key)", GLOBEX.tokenByHmacWithPublicKey(
                GLOBEX.publicKey().getBytes(StandardCharsets.US_ASCII), claims("globex")));
        tokens.put("no key verifies it (HS256 by the PEM public key)",
                GLOBEX.tokenByHmacWithPublicKey(GLOBEX.pem().getBytes(StandardCharsets.US_ASCII), claims("globex")));
        tokens.put("no key verifies it (another algorithm's name)", ACME.token("{\"alg\":\"ES256\"}", claims("acme")));
        tokens.put("no key verifies it (algorithm in lower case)", ACME.token("{\"alg\":\"eddsa\"}", claims("acme")));
        tokens.put("no key verifies it (no signature)", parts[0] + "." + parts[1] + ".");
        tokens.put("no key verifies it (zero signature)", parts[0] + "." + parts[1] + "." + Signer.encode(new byte[64]));
        tokens.put("no key verifies it (ES256 zero signature)",
                Signer.encode("{\"alg\":\"ES256\"}") + "." + parts[1] + "." + Signer.encode(new byte[64]));
        tokens.put("no key verifies it (longer spelling of the same numbers)", longerSpelling(ACME_NEXT.token(claims("acme"))));
        tokens.put("no key verifies it (tampered signature)", parts[0] + "." + parts[1] + "."
                + (parts[2].charAt(0) == 'A' ? 'B' : 'A') + parts[2].substring(1));
        tokens.put("no key verifies it (tampered claims)", parts[0] + "." + Signer.encode(
                claims("acme").replace("" + (SECOND + 300), "" + (SECOND + 301))) + "." + parts[2]);
        tokens.put("no key verifies it (of another partner's key)", GLOBEX.token(claims("acme")));
        tokens.put("no key verifies it (of a key nobody knows)", Signer.ed25519().token(claims("acme")));
        tokens.put("of no known partner", ACME.token(claims("initech")));
        tokens.put("of no known partner (absent)", ACME.token(claims("acme").replace("\"sub\"", "\"iss\"")));
        tokens.put("the claim sub is no text", ACME.token(claims("acme").replace("\"acme\"", "[\"acme\"]")));
        tokens.put("for another audience", ACME.token(claims("acme").replace("\"partners\"", "\"others\"")));
        tokens.put("for another audience (absent)", ACME.token(claims("acme").replace("\"aud\"", "\"x\"")));
        tokens.put("for another audience (part of it)", ACME.token(claims("acme").replace("\"partners\"", "\"partners2\"")));
        tokens.put("never expires", ACME.token(claims("acme").replace("\"exp\"", "\"x\"")));
        tokens.put("the claim exp is no time", ACME.token(claims("acme").replace("" + (SECOND + 300), "\"tomorrow\"")));
        tokens.put("the claim exp is no time (infinite)", ACME.token(claims("acme").replace("" + (SECOND + 300), "1e999")));
        tokens.put("expired", ACME.token(claims("acme", SECOND - 360, SECOND - 60)));
        tokens.put("not valid yet (issued later)", ACME.token(claims("acme", SECOND + 61, SECOND + 300)));
        tokens.put("not valid yet (nbf)", ACME.token(claims("acme").replace("{", "{\"nbf\":" + (SECOND + 61) + ",")));
        tokens.put("does not live for at most 15 minutes from its iat", ACME.token(claims("acme", SECOND, SECOND + 901)));
        tokens.put("does not live for at most 15 minutes from its iat (no iat)",
                ACME.token(claims("acme").replace("\"iat\"", "\"x\"")));
        tokens.put("does not live for at most 15 minutes from its iat (ends before it begins)",
                ACME.token(claims("acme", SECOND, SECOND)));
        return tokens.entrySet().stream().map(token -> new Object[] {token.getKey(), token.getValue()});
    }

    /** The signature's last character has bits that count for nothing. */
    private static String otherSpelling(String token) {
        char last = token.charAt(token.length() - 1);
        return token.substring(0, token.length() - 1) + (char) (last + 1);
    }

    /** A zero before each of the two numbers of an ES256 signature. */
    private static String longerSpelling(String token) {
        int dot = token.lastIndexOf('.');
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
        byte[] longer = new byte[66];
        System.arraycopy(signature, 0, longer, 1, 32);
        System.arraycopy(signature, 32, longer, 34, 32);
        return token.substring(0, dot + 1) + Signer.encode(longer);
    }

    @Test
    void clocksMayDifferByAMinuteAndATokenLiveFifteen() throws IOException {
        assertThat(decide(ACME.token(claims("acme", SECOND - 100, SECOND - 59)), PATH).answer()).isNotNull();
        assertThat(decide(ACME.token(claims("acme", SECOND + 60, SECOND + 960)), PATH).answer()).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic YWNtZTp4", "Token x", "Bearer a b"})
    void credentialsThatAreNoBearerTokenAreRefused(String credentials) {
        Invocation invocation = new Invocation();

        assertThatThrownBy(() -> Decision.of(handler, "authorize-rest-token", credentials, PATH, invocation))
                .isInstanceOf(Unauthorized.class);
        assertThat(invocation.logged()).contains("no bearer token");
    }

    @Test
    void absentAndDoubledCredentialsAreRefused() {
        String right = "Bearer " + ACME.token(claims("acme"));
        String event = """
                {"type":"REQUEST","methodArn":"%s/GET%s","headers":{%s}}""";

        for (String headers : List.of(
                "", "\"Authorization\":\"%s\",\"authorization\":\"%s\"".formatted(right, right), "\"Authorization\":null")) {
            assertThatThrownBy(() ->
                            Decision.ofEvent(handler, event.formatted(Decision.STAGE, PATH, headers), new Invocation()))
                    .isInstanceOf(Unauthorized.class);
        }
    }

    @Test
    void refusalSaysNothingButUnauthorizedAndLogsNothingOfTheToken() {
        String token = ACME.token(claims("acme", SECOND - 400, SECOND - 100));
        Invocation invocation = new Invocation();

        assertThatThrownBy(() -> Decision.of(handler, "authorize-rest-request", "Bearer " + token, PATH, invocation))
                .isInstanceOf(Unauthorized.class)
                .hasMessage("Unauthorized")
                .hasNoCause();
        assertThat(invocation.logged()).isEqualTo("Token refused: expired, request=" + Invocation.REQUEST_ID + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"arn:aws:execute-api:eu-central-1:000000000000:abcdef1234/*/GET/partners/acme/products", "x", "*",
        "arn:aws:execute-api:eu-central-1:000000000000:*/api/GET/", "arn:aws:execute-api:eu-central-1:000000000000:abcdef1234/api"})
    void noPolicyIsMadeOfAnArnThatCouldMeanMore(String arn) {
        String event = """
                {"type":"TOKEN","methodArn":"%s","authorizationToken":"Bearer %s"}""".formatted(arn, ACME.token(claims("acme")));

        assertThatThrownBy(() -> Decision.ofEvent(handler, event, new Invocation())).isInstanceOf(IOException.class);
    }

    @Test
    void otherPartitionsAndTheDefaultStageAreNamedAsTheyAre() throws IOException {
        String stage = "arn:aws-us-gov:execute-api:us-gov-west-1:000000000000:abcdef1234/$default";
        String event = """
                {"version":"2.0","type":"REQUEST","routeArn":"%s/GET%s","headers":{"authorization":"bearer %s"}}"""
                .formatted(stage, PATH, ACME.token(claims("acme")));

        assertThat(Decision.ofEvent(handler, event, new Invocation()).allows(stage + "/GET" + PATH)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "acme*", "a?", "Acme", "a/b", "", "${aws:username}", "abcdefghijklmnopqrstuvwxyz0123456"})
    void partnerIdThatCouldMeanMoreIsRefusedAtStart(String partner) {
        assertThatThrownBy(() -> handler(Map.of(partner, List.of(ACME.publicKey()))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("an id is 1-32 of the characters a-z, 0-9 and hyphen");
    }

    @Test
    void badKeysAreRefusedAtStartWithoutQuotingThem() {
        String secret = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA\n-----END PRIVATE KEY-----";
        Map<Object, String> refusals = new LinkedHashMap<>();
        refusals.put(List.of(secret), "has a private key for the partner acme");
        refusals.put(List.of(), "must have a list of 1-4 public keys");
        refusals.put("x", "must have a list of 1-4 public keys");
        refusals.put(List.of("x", "x", "x", "x", "x"), "must have a list of 1-4 public keys");
        refusals.put(List.of(1), "no public key of Ed25519");
        refusals.put(List.of("!"), "no public key of Ed25519");
        refusals.put(List.of(Signer.rsa(1024).publicKey()), "no public key of Ed25519");

        refusals.forEach((keys, message) -> assertThatThrownBy(() -> handler(Map.of("acme", keys)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("MC4CAQAwBQYDK2VwBCIEIA")
                .hasNoCause());
        for (String text : List.of("x", "[]", "{\"acme\":[],\"acme\":[]}")) {
            assertThatThrownBy(() -> new AuthorizerHandler(
                            new Configuration(Map.of("PARTNER_KEYS", text, "PARTNER_AUDIENCE", "partners")), Clock.systemUTC()))
                    .isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void withoutPartnersEveryTokenIsRefused() {
        refused(handler(Map.of()), ACME.token(claims("acme")), "of no known partner");
    }

    @Test
    void mutatedTokensAreRefusedAndNothingElseHappens() {
        Random random = new Random(20261121);
        String right = ACME.token(claims("acme"));
        for (int i = 0; i < 4000; i++) {
            StringBuilder text = new StringBuilder(right);
            for (int mutations = 1 + random.nextInt(3); mutations > 0 && text.length() > 1; mutations--) {
                mutate(text, random);
            }
            String token = text.toString();
            if (!token.equals(right)) {
                assertThatThrownBy(() -> decide(token, PATH)).as(token).isInstanceOf(Unauthorized.class);
            }
        }
    }

    /** A partner may sign anything: whatever it signs, it gets at its own paths at most. */
    @Test
    void mutatedClaimsThatAreProperlySignedGiveNothingElse() throws IOException {
        Random random = new Random(20261122);
        int granted = 0;
        for (int i = 0; i < 4000; i++) {
            StringBuilder header = new StringBuilder("{\"alg\":\"EdDSA\",\"typ\":\"JWT\",\"kid\":\"x\"}");
            StringBuilder claims = new StringBuilder(claims("acme"));
            for (int mutations = 1 + random.nextInt(3); mutations > 0; mutations--) {
                mutate(random.nextInt(4) == 0 ? header : claims, random);
            }
            String token = ACME.token(header.toString(), claims.toString());
            try {
                assertThat(decide(token, PATH).answer().at("/principalId").asText()).as(claims.toString()).isEqualTo("acme");
                granted++;
            } catch (Unauthorized e) {
                // As most of them.
            }
        }
        assertThat(granted).isBetween(1, 2000);
    }

    private static void mutate(StringBuilder text, Random random) {
        String characters = "aA0-_.=+/\"{}[]:,\\ \u0000é\ud83dE9";
        int at = random.nextInt(Math.max(1, text.length()));
        char other = characters.charAt(random.nextInt(characters.length()));
        switch (random.nextInt(5)) {
            case 0 -> text.insert(at, other);
            case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
            case 2 -> text.setLength(Math.max(1, at));
            case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
            default -> text.setCharAt(at, other);
        }
    }

    @Test
    void primingVerifiesTokensThatAreWorthNothing() throws IOException {
        Invocation invocation = new Invocation();

        handler.prime(invocation);
        assertThat(invocation.logged()).isEmpty();

        for (String token : List.of(PrimingTokens.EDDSA, PrimingTokens.ES256, PrimingTokens.RS256)) {
            assertThatThrownBy(() -> Decision.of(handler, "authorize-rest-token", "Bearer " + token, PATH, invocation))
                    .isInstanceOf(Unauthorized.class);
        }
    }

    @Test
    void functionWorksAfterASnapshot() throws IOException {
        handler.checkpoint().beforeCheckpoint(null);

        assertThat(decide(ACME.token(claims("acme")), PATH).answer().at("/principalId").asText()).isEqualTo("acme");
    }

    private void refused(AuthorizerHandler environment, String token, String reason) {
        Invocation invocation = new Invocation();

        assertThatThrownBy(() -> Decision.of(environment, "authorize-rest-request", "Bearer " + token, PATH, invocation))
                .isInstanceOf(Unauthorized.class);
        assertThat(invocation.logged()).startsWith("Token refused: " + reason + ", request=");
    }

    private Decision decide(String token, String path) throws IOException {
        return decide(handler, token, path);
    }

    private static Decision decide(AuthorizerHandler environment, String token, String path) throws IOException {
        return Decision.of(environment, "authorize-rest-request", "Bearer " + token, path);
    }

    private static AuthorizerHandler handler(Map<String, ?> keys) {
        try {
            return new AuthorizerHandler(
                    new Configuration(
                            Map.of("PARTNER_KEYS", new ObjectMapper().writeValueAsString(keys), "PARTNER_AUDIENCE", "partners")),
                    Clock.fixed(NOW, ZoneOffset.UTC));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String claims(String partner) {
        return claims(partner, SECOND, SECOND + 300);
    }

    private static String claims(String partner, long issued, long expires) {
        List<String> claims = new ArrayList<>();
        claims.add("\"sub\":\"" + partner + "\"");
        claims.add("\"aud\":\"partners\"");
        claims.add("\"iat\":" + issued);
        claims.add("\"exp\":" + expires);
        return "{" + String.join(",", claims) + "}";
    }
}
