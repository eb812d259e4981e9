package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What the ledger asks of DynamoDB, against {@link Tables}; {@link LedgerOnDynamoDbLocalTest} asks the same of AWS's own. */
class LedgerTest {
    private static final Instant NOW = Instant.parse("2026-07-01T00:00:00Z");
    private static final Instant UNTIL = NOW.plusSeconds(270);

    final String table = "backup-" + System.nanoTime();
    private DynamoDbClient client;
    private Ledger ledger;

    @BeforeEach
    void open() {
        client = client();
        ledger = new Ledger(client, table);
    }

    /** Of a region where the table is. */
    DynamoDbClient client() {
        return new Tables().client("eu-central-1");
    }

    @Test
    void leaseIsOnesUntilItEnds() {
        assertThat(ledger.acquire("plan", "a", NOW, UNTIL)).isTrue();
        assertThat(ledger.acquire("plan", "b", NOW.plusSeconds(269), UNTIL.plusSeconds(269))).isFalse();
        assertThat(ledger.acquire("another plan", "b", NOW, UNTIL)).isTrue();
        assertThat(ledger.acquire("plan", "b", UNTIL, UNTIL.plusSeconds(270))).isTrue();
    }

    @Test
    void leaseIsTakenAgainByItsOwner() {
        assertThat(ledger.acquire("plan", "a", NOW, UNTIL)).isTrue();
        assertThat(ledger.acquire("plan", "a", NOW, UNTIL)).isTrue();
    }

    @Test
    void leaseLongerThanAnyIsNone() {
        assertThat(ledger.acquire("plan", "a", NOW.plus(Duration.ofDays(300)), UNTIL.plus(Duration.ofDays(300)))).isTrue();
        assertThat(ledger.acquire("plan", "b", NOW, UNTIL)).isTrue();
    }

    @Test
    void leaseIsReleasedByItsOwnerOnly() {
        ledger.acquire("plan", "a", NOW, UNTIL);
        ledger.release("plan", "b");
        assertThat(ledger.acquire("plan", "b", NOW, UNTIL)).isFalse();
        ledger.release("plan", "a");
        ledger.release("plan", "a");
        assertThat(ledger.acquire("plan", "b", NOW, UNTIL)).isTrue();
    }

    @Test
    void latestItemsComeFirstUpToTheAskedOne() {
        for (int day = 1; day <= 4; day++) {
            ledger.write("drill#shop", "2026-07-0" + day + "T00:00:00Z", Map.of("verdict", "passed " + day), NOW.plusSeconds(60));
        }
        ledger.write("drill#shop-2", "2026-07-01T00:00:00Z", Map.of("verdict", "another's"), null);
        assertThat(ledger.latest("drill#shop", null, 2)).extracting(item -> item.get("sk") + " " + item.get("verdict"))
                .containsExactly("2026-07-04T00:00:00Z passed 4", "2026-07-03T00:00:00Z passed 3");
        assertThat(ledger.latest("drill#shop", "2026-07-02T12:00:00Z", 1)).singleElement()
                .isEqualTo(Map.of("pk", "drill#shop", "sk", "2026-07-02T00:00:00Z", "verdict", "passed 2"));
        assertThat(ledger.latest("drill#none", null, 2)).isEmpty();
    }

    @Test
    void requestsAreReadAndDeleted() {
        ledger.write("request", "run#shop", Map.of("slot", NOW.toString(), "by", "ada"), null);
        ledger.write("history#shop", NOW.toString(), Map.of("document", "{}"), NOW.plus(Duration.ofDays(400)));
        client.putItem(put -> put.tableName(table).item(Map.of("pk", AttributeValue.fromS("request"), "sk", AttributeValue.fromS("hold#shop#" + NOW),
                "release", AttributeValue.fromBool(true))));
        assertThat(ledger.requests()).extracting(Ledger.Request::key).containsExactlyInAnyOrder("run#shop", "hold#shop#" + NOW);
        assertThat(ledger.requests()).filteredOn(request -> request.is("hold", "shop")).singleElement()
                .satisfies(request -> assertThat(request.values()).containsEntry("release", "true"));
        assertThat(ledger.requests()).filteredOn(request -> request.is("run", "shop")).singleElement()
                .satisfies(request -> assertThat(request.values()).containsEntry("slot", NOW.toString()));
        assertThat(ledger.requests()).noneMatch(request -> request.is("run", "sho"));
        ledger.requests().forEach(ledger::delete);
        assertThat(ledger.requests()).isEmpty();
        assertThat(ledger.read("history#shop", NOW.toString(), "document")).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({"id, 1, id, 2", "slot, 2026-07-01T00:00:00Z, slot, 2026-07-02T00:00:00Z", "reason, Audit, id, 1"})
    void requestThatWasMadeAnewOutlivesTheDeletionOfTheEarlierOne(String attribute, String value, String anew, String newValue) {
        ledger.write("request", "run#shop", Map.of(attribute, value), null);
        Ledger.Request earlier = ledger.requests().getFirst();
        ledger.write("request", "run#shop", Map.of(anew, newValue), null);
        ledger.delete(earlier);
        assertThat(ledger.requests()).singleElement().satisfies(request -> {
            assertThat(request.values()).containsEntry(anew, newValue);
            ledger.delete(request);
            ledger.delete(request);
        });
        assertThat(ledger.requests()).isEmpty();
    }

    @Test
    void itemOfMoreThanFourHundredKilobytesIsRefused() {
        ledger.write("status", "plan", Map.of("document", "x".repeat(390_000)), null);
        assertThatThrownBy(() -> ledger.write("status", "plan", Map.of("document", "x".repeat(410_000)), null))
                .isInstanceOfSatisfying(DynamoDbException.class, refused -> assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ValidationException"));
    }

    @Test
    void whatIsNotThereIsNull() {
        ledger.write("status", "plan", Map.of("document", "{}"), null);
        assertThat(ledger.read("status", "plan", "memory")).isNull();
        assertThat(ledger.read("status", "another plan", "document")).isNull();
    }
}
