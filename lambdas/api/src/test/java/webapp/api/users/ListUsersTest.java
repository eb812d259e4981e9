package webapp.api.users;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.api.Answer;
import webapp.api.Call;
import webapp.api.Priming;
import webapp.api.TestSchema;
import webapp.core.testing.MariaDbServer;

class ListUsersTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final UsersHandler handler = new UsersHandler(TestSchema.database(SERVER), Call.POOL, Clock.systemUTC());

    @BeforeEach
    void createSchema() {
        TestSchema.create(SERVER);
    }

    @Test
    void listOfNobodyIsEmpty() {
        Answer answer = list(Map.of());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"users\":[]}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.logged()).isEmpty();
    }

    @Test
    void usersAreListedAsRegistered() {
        Answer ada = register("ada@example.com");
        Answer eva = register("eva@example.com");

        JsonNode users = list(Map.of()).body().get("users");

        assertThat(List.of(users.get(0), users.get(1))).containsExactlyInAnyOrder(ada.body(), eva.body());
    }

    @Test
    void pagesJoinToTheListInOrder() {
        store(1, 5);

        List<Answer> pages = pages(2);

        assertThat(pages).extracting(ListUsersTest::numbers).containsExactly(List.of(1, 2), List.of(3, 4), List.of(5));
    }

    @Test
    void lastPageThatIsFullHasNoNext() {
        store(1, 4);

        assertThat(pages(2)).extracting(ListUsersTest::numbers).containsExactly(List.of(1, 2), List.of(3, 4));
    }

    @Test
    void usersWhoRegisterMeanwhileMoveNoOther() {
        store(10, 14);
        Answer first = list(Map.of("limit", List.of("2")));
        store(1, 2); // of an environment whose clock is behind
        store(20, 21);

        Answer second = list(Map.of("limit", List.of("2"), "cursor", List.of(first.member("nextCursor"))));
        Answer third = list(Map.of("limit", List.of("100"), "cursor", List.of(second.member("nextCursor"))));

        assertThat(List.of(first, second, third))
                .extracting(ListUsersTest::numbers)
                .containsExactly(List.of(10, 11), List.of(12, 13), List.of(14, 20, 21));
    }

    @Test
    void orderIsThatOfTheIdsWhateverTheirFirstBit() {
        SERVER.execute("INSERT INTO users (user_id, name, email, email_key, created_at) VALUES"
                + " (X'ff9ab830e0b87b6b815bf9a79c45d164', 'Late', 'late@example.com', 'late@example.com', '2026-11-21')");
        store(1, 1);

        List<Answer> pages = pages(1);

        assertThat(pages).hasSize(2);
        assertThat(pages.get(1).body().get("users").get(0).get("name").asText()).isEqualTo("Late");
    }

    @Test
    void pageHoldsFiftyUsersUnlessAskedOtherwise() {
        store(1, 101);

        assertThat(numbers(list(Map.of()))).hasSize(50);
        assertThat(numbers(list(Map.of("limit", List.of("1"))))).hasSize(1);
        assertThat(numbers(list(Map.of("limit", List.of("99"))))).hasSize(99);
        assertThat(numbers(list(Map.of("limit", List.of("100"))))).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "101", "-1", "+1", "1.0", "1e1", "01", " 1", "x", "1000", "99999999999", "١"})
    void badLimitIsRefused(String limit) {
        Answer answer = list(Map.of("limit", List.of(limit)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("type")).isEqualTo("/problems/invalid-request");
        assertThat(answer.member("detail")).isEqualTo("The parameter limit must be a whole number from 1 to 100.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "AQ", "019ab830-e0b8-7b6b-815b-f9a79c45d164", "AQGauDDguHtrgVv5p5xF0WQ=", "AQGauDDguHtrgVv5p5xF0Wl",
        "AgGauDDguHtrgVv5p5xF0WQ", "AQGauDDguHtrgVv5p5xF0WQA", "' OR '1'='1"})
    void badCursorIsRefused(String cursor) {
        Answer answer = list(Map.of("cursor", List.of(cursor)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.member("detail"))
                .isEqualTo("The parameter cursor must be the nextCursor of an earlier answer, or be left out.");
    }

    @Test
    void cursorIsCheckedToItsLastBit() {
        assertThat(list(Map.of("cursor", List.of("AQGauDDguHtrgVv5p5xF0WQ"))).status()).isEqualTo(200);
        assertThat(Base64.getUrlDecoder().decode("AQGauDDguHtrgVv5p5xF0Wl")).hasSize(17);
    }

    @Test
    void parameterGivenTwiceIsRefused() {
        assertThat(list(Map.of("limit", List.of("1", "1"))).member("detail")).isEqualTo("The parameter limit is given more than once.");
        assertThat(list(Map.of("cursor", List.of("a", "b"))).status()).isEqualTo(400);
    }

    @Test
    void listIsLoggedWithTheCallerAndWithoutPersonalData() {
        store(1, 3);

        assertThat(list(Map.of("limit", List.of("2"))).logged()).isEqualTo(
                "Personal data read: operation=listUsers caller=arn:aws:sts::000000000000:assumed-role/reader/session users=2"
                        + " first=%s last=%s correlationId=c6af9ac6-7b61-11e6-9a41-93e8deadbeef\n".formatted(id(1), id(2)));
    }

    @Test
    void unsignedListIsForbiddenEvenIfTheGatewayLetItPass() {
        store(1, 1);

        Answer answer = Answer.ofEvent(handler, "{\"httpMethod\":\"GET\",\"resource\":\"/users\"}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).doesNotContain("@example.com");
    }

    @Test
    void primingReadsNobodysData() {
        store(1, 1);

        assertThat(Priming.of(handler.checkpoint())).isEmpty();
    }

    /** Follows the cursors from the first page to the last. */
    private List<Answer> pages(int limit) {
        List<Answer> pages = new ArrayList<>();
        Answer page = list(Map.of("limit", List.of(Integer.toString(limit))));
        pages.add(page);
        while (page.member("nextCursor") != null) {
            assertThat(pages).as("pages, which should have come to an end").hasSizeLessThan(1000);
            page = list(Map.of("limit", List.of(Integer.toString(limit)), "cursor", List.of(page.member("nextCursor"))));
            pages.add(page);
        }
        return pages;
    }

    private Answer list(Map<String, List<String>> parameters) {
        try {
            String event = Files.readString(Path.of("src/test/resources/events/list-users.json"));
            return Answer.ofEvent(handler, event.replace("@parameters@", JSON.writeValueAsString(parameters)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer register(String email) {
        return Answer.of(
                handler, "register-user", Map.of("body", JSON.createObjectNode().put("name", "A").put("email", email).toString()));
    }

    /** Users of one number after another, registered in that order. */
    private static void store(int first, int last) {
        for (int number = first; number <= last; number++) {
            String email = number + "@example.com";
            SERVER.execute("INSERT INTO users (user_id, name, email, email_key, created_at)"
                    + " VALUES (UNHEX('%s'), '%d', '%s', '%s', '2026-11-21 08:30:00')"
                            .formatted(id(number).toString().replace("-", ""), number, email, email));
        }
    }

    private static UUID id(int number) {
        return new UUID(0x019ab830_0000_7000L + ((long) number << 16), 0x8000_0000_0000_0000L);
    }

    private static List<Integer> numbers(Answer page) {
        List<Integer> numbers = new ArrayList<>();
        page.body().get("users").forEach(user -> numbers.add(user.get("name").asInt()));
        return numbers;
    }
}
