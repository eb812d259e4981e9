package webapp.api.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.core.http.Request;
import webapp.core.testing.Invocation;
import webapp.core.time.Deadline;

class IdempotencyKeyTest {
    @Test
    void keyOfAnotherOperationIsAnotherKey() {
        assertThat(key("k", "registerUser").keyHash()).isNotEqualTo(key("k", "placeOrder").keyHash());
    }

    @Test
    void sameContentHasOneHashUnderOneKey() {
        assertThat(key("k", "o", "ab", "c").requestHash()).isEqualTo(key("k", "o", "ab", "c").requestHash());
        assertThat(key("k", "o", "ab", "c").requestHash()).isNotEqualTo(key("k", "o", "a", "bc").requestHash());
    }

    @Test
    void contentCannotBeGuessedWithoutTheKey() {
        assertThat(key("k", "o", "ada@example.com").requestHash()).isNotEqualTo(key("l", "o", "ada@example.com").requestHash());
    }

    private static IdempotencyKey key(String key, String operation, String... content) {
        Request request = new Request(
                "POST", "/", Map.of("Idempotency-Key", List.of(key)), Map.of(), Map.of(), null, "", null, false,
                Deadline.in(Duration.ZERO), new Invocation());
        return IdempotencyKey.of(request, operation, List.of(content));
    }
}
