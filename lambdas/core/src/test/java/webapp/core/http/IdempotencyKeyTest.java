package webapp.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import webapp.core.problem.ProblemException;
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

    /** In an event of format 2.0, where a repeated header is one text with commas. */
    @Test
    void twoKeysInOneTextAreRefusedWhereTheyCanBeToldFromOne() {
        assertThatThrownBy(() -> key("\"k\",\"l\"", "o")).isInstanceOf(ProblemException.class).hasMessageContaining("given once");
        // A bare key may have a comma in it: the two are one key, which is the same each time.
        assertThat(key("k,l", "o").keyHash()).isEqualTo(key("\"k,l\"", "o").keyHash()).isNotEqualTo(key("k", "o").keyHash());
    }

    private static IdempotencyKey key(String key, String operation, String... content) {
        Request request = new Request(
                "POST", "/", Map.of("Idempotency-Key", List.of(key)), Map.of(), Map.of(), null, "", null, false, null,
                Deadline.in(Duration.ZERO), new Invocation());
        return IdempotencyKey.of(request, List.of(operation), List.of(content));
    }
}
