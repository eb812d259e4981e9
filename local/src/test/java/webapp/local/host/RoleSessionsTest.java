package webapp.local.host;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RoleSessionsTest {
    private static final String ROLE = "arn:aws:iam::000000000000:role/users";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T08:00:00Z"));
    private final RoleSessions sessions = new RoleSessions(new StubSts(now::get), now::get);

    @Test
    void sessionIsNamedAfterTheFunctionAndFoundByItsAccessKey() {
        RoleSessions.Session session = sessions.forFunction(ROLE, "users");

        assertThat(session.sessionName()).isEqualTo("users");
        assertThat(session.accessKeyId()).endsWith("-users");
        assertThat(sessions.byAccessKeyId(session.accessKeyId())).contains(session);
        assertThat(sessions.byAccessKeyId("ASIAUNKNOWN")).isEmpty();
    }

    @Test
    void sessionIsSharedUntilTwentyMinutesRemain() {
        RoleSessions.Session first = sessions.forFunction(ROLE, "users");

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(39)));
        assertThat(sessions.forFunction(ROLE, "users")).isEqualTo(first);

        now.updateAndGet(time -> time.plus(Duration.ofMinutes(2)));
        assertThat(sessions.forFunction(ROLE, "users")).isNotEqualTo(first);
        assertThat(sessions.byAccessKeyId(first.accessKeyId())).as("still valid for those who hold it").contains(first);
    }

    @Test
    void expiredSessionIsNotFound() {
        RoleSessions.Session session = sessions.forFunction(ROLE, "users");

        now.updateAndGet(time -> time.plus(Duration.ofHours(1)));

        assertThat(sessions.byAccessKeyId(session.accessKeyId())).isEmpty();
    }

    @Test
    void functionsOfOneRoleHaveSessionsOfTheirOwn() {
        assertThat(sessions.forFunction(ROLE, "users")).isNotEqualTo(sessions.forFunction(ROLE, "health"));
    }

    @Test
    void refusedRoleIsNamed() {
        assertThatThrownBy(() -> sessions.forFunction("arn:aws:iam::000000000000:role/refused", "users"))
                .hasMessageContainingAll("users", "arn:aws:iam::000000000000:role/refused", "sts:AssumeRole");
    }

    @Test
    void secretsAreNotPrinted() {
        RoleSessions.Session session = sessions.forFunction(ROLE, "users");

        assertThat(session.toString()).contains(ROLE).doesNotContain(session.secretAccessKey(), session.sessionToken());
    }
}
