package webapp.api.authorizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.testing.Invocation;
import webapp.core.time.Deadline;

/** When the issuer is asked for its keys, and what is made of its answers. */
class IssuerKeysTest {
    private static final String ISSUER = "https://login.example.com/tenant/";
    private static final Signer FIRST = Signer.p256();
    private static final Signer SECOND = Signer.rsa();
    private static final Deadline DEADLINE = Deadline.in(Duration.ofMinutes(1));

    private final List<String> asked = new ArrayList<>();
    private final SteppedClock clock = new SteppedClock();
    private final Invocation log = new Invocation();
    private String discovery = "{\"issuer\":\"" + ISSUER + "\",\"jwks_uri\":\"https://keys.example.com/set\"}";
    private String keySet = set(Jwks.of("first", FIRST));
    private boolean away;
    private Duration patience = Duration.ZERO;
    private final IssuerKeys keys = new IssuerKeys(ISSUER, this::read, clock, log);

    private byte[] read(URI address, Deadline deadline) throws IOException {
        asked.add(address.toString());
        if (away) {
            clock.pass(patience);
            throw new IOException("Connection refused");
        }
        return (address.getHost().startsWith("keys") ? keySet : discovery).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void keysAreReadOnceAnHourFromWhereTheIssuerSays() throws Exception {
        assertThat(of("first")).hasSize(1);
        clock.pass(Duration.ofMinutes(59));
        assertThat(of("first")).hasSize(1);
        assertThat(asked).containsExactly(
                "https://login.example.com/tenant/.well-known/openid-configuration", "https://keys.example.com/set");

        clock.pass(Duration.ofMinutes(2));
        keySet = set(Jwks.of("second", SECOND));

        assertThat(of("first")).isEmpty();
        assertThat(of("second")).hasSize(1);
        assertThat(asked).hasSize(4);
    }

    @Test
    void unknownKeyIsLookedForAtMostOnceAMinute() throws Exception {
        of("first");
        clock.pass(Duration.ofSeconds(61));
        keySet = set(Jwks.of("first", FIRST), Jwks.of("second", SECOND));

        assertThat(of("second")).hasSize(1);
        assertThat(asked).hasSize(4);
        for (int i = 0; i < 100; i++) {
            assertThat(of("made-up-" + i)).isEmpty();
        }
        assertThat(asked).hasSize(4);
        clock.pass(Duration.ofSeconds(61));
        of("made-up");
        assertThat(asked).hasSize(6);
    }

    @Test
    void knownKeysServeForADayWhileTheIssuerIsAway() throws Exception {
        of("first");
        away = true;
        clock.pass(Duration.ofHours(23));

        assertThat(of("first")).hasSize(1);
        assertThat(log.logged()).contains("could not be read").contains("Connection refused");
        assertThat(asked).hasSize(3);
        assertThat(of("first")).hasSize(1);
        assertThat(asked).as("not with each request").hasSize(3);

        clock.pass(Duration.ofHours(2));
        assertThatThrownBy(() -> of("first")).isInstanceOf(IOException.class).hasMessageContaining("Connection refused");
        assertTriedAgainOnlyAfterAPause();
    }

    @Test
    void withoutKeysNothingIsDecided() throws Exception {
        away = true;
        patience = Duration.ofSeconds(5);
        assertThatThrownBy(() -> of("first")).isInstanceOf(IOException.class).hasMessageContaining("Connection refused");
        assertTriedAgainOnlyAfterAPause();
    }

    @Test
    void keysThatVerifyNoSignatureAreLeftOut() throws Exception {
        keySet = set(
                Jwks.of("first", FIRST),
                Jwks.of("encryption", FIRST).replace("{", "{\"use\":\"enc\","),
                Jwks.of("other", SECOND).replace("{", "{\"alg\":\"PS256\","),
                Jwks.of("short", Signer.rsa(1024)),
                "{\"kid\":\"secret\",\"kty\":\"oct\",\"k\":\"AAAA\"}",
                "{\"kid\":\"curve\",\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kid\":\"broken\",\"kty\":\"RSA\",\"n\":\"!\",\"e\":1}",
                "1");

        assertThat(of("first")).hasSize(1);
        for (String id : List.of("encryption", "other", "short", "secret", "curve", "broken")) {
            assertThat(of(id)).as(id).isEmpty();
        }
        assertThat(of(null)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "x", "{\"keys\":{}}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\"}]}"})
    void uselessKeySetIsAFailureOfTheIssuer(String answer) {
        keySet = answer;

        assertThatThrownBy(() -> of("first")).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"issuer\":\"https://evil.example.com\",\"jwks_uri\":\"https://keys.example.com/set\"}",
        "{\"issuer\":\"https://login.example.com/tenant\",\"jwks_uri\":\"https://keys.example.com/set\"}",
        "{\"issuer\":\"https://login.example.com/tenant/\",\"jwks_uri\":\"http://keys.example.com/set\"}",
        "{\"issuer\":\"https://login.example.com/tenant/\",\"jwks_uri\":\"https://keys.example.com/a b\"}",
        "{\"issuer\":\"https://login.example.com/tenant/\"}"
    })
    void keysOfAnotherIssuerOrWithoutTlsAreNotTaken(String answer) {
        discovery = answer;

        assertThatThrownBy(() -> of("first")).isInstanceOf(IOException.class);
        assertThat(asked).hasSize(1);
    }

    private void assertTriedAgainOnlyAfterAPause() throws IOException {
        int before = asked.size();
        for (int i = 0; i < 100; i++) {
            String madeUp = "made-up-" + i;
            assertThatThrownBy(() -> of(madeUp)).isInstanceOf(IOException.class).hasMessageContaining("Connection refused");
        }
        away = false;
        clock.pass(IssuerKeys.RETRY_PAUSE);
        assertThatThrownBy(() -> of("first")).isInstanceOf(IOException.class);
        assertThat(asked).as("the pause counts from the failure").hasSize(before);

        clock.pass(Duration.ofMillis(1));
        assertThat(of("first")).hasSize(1);
    }

    private List<VerificationKey> of(String keyId) throws IOException {
        return keys.of(new Jwt("ES256", keyId, Map.of(), new byte[0], new byte[0]), DEADLINE);
    }

    private static String set(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }

    /** A clock that goes when it is told to. */
    private static final class SteppedClock extends Clock {
        private Instant now = Instant.parse("2026-11-21T12:00:00Z");

        private void pass(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
