package webapp.api.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import webapp.api.Answer;
import webapp.api.TestSchema;
import webapp.core.database.Database;
import webapp.core.testing.MariaDbServer;

class HealthHandlerTest {
    @Test
    void livenessNeverTouchesTheDatabase() {
        AtomicInteger opened = new AtomicInteger();
        HealthHandler handler = new HealthHandler(new Database(
                timeout -> {
                    opened.incrementAndGet();
                    throw new SQLException("down", "08000");
                },
                Clock.systemUTC()));

        Answer answer = probe(handler, "live");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"status\":\"up\"}");
        assertThat(opened).hasValue(0);
    }

    @Test
    void readinessAsksTheDatabase() {
        MariaDbServer server = MariaDbServer.shared();
        TestSchema.create(server);

        Answer answer = probe(new HealthHandler(TestSchema.database(server)), "ready");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"status\":\"up\",\"database\":\"up\"}");
    }

    @Test
    void readinessIsAnOutageSoonWhenTheDatabaseHangs() {
        HealthHandler handler = new HealthHandler(new Database(
                timeout -> {
                    LockSupport.parkNanos(timeout.toNanos());
                    throw new SQLException("Connection refused by db-1", "08000");
                },
                Clock.systemUTC()));
        long start = System.nanoTime();

        Answer answer = probe(handler, "ready");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isEqualTo("5");
        assertThat(answer.text()).doesNotContain("db-1");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void primingThatFindsNoDatabaseDoesNotFailInit() {
        HealthHandler handler = new HealthHandler(new Database(
                timeout -> {
                    throw new SQLException("down", "08000");
                },
                Clock.systemUTC()));

        handler.checkpoint().beforeCheckpoint(null);

        assertThat(probe(handler, "live").status()).isEqualTo(200);
    }

    private static Answer probe(HealthHandler handler, String probe) {
        return Answer.of(handler, "get-health", Map.of("probe", probe));
    }
}
