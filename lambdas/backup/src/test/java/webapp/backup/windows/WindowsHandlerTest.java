package webapp.backup.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import webapp.core.configuration.ConfigurationException;
import webapp.core.database.Connector;
import webapp.core.testing.Invocation;
import webapp.core.testing.MariaDbServer;

class WindowsHandlerTest {
    private static final MariaDbServer SERVER = MariaDbServer.shared();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-21T02:34:56Z");

    private static final String ORDERS = """
            {"table": "orders", "column": "placed_at", "columns": ["order_id", "person", "note", "placed_at"]}""";

    private Instant now = NOW;

    @BeforeEach
    void ordersOfThreeDays() {
        SERVER.execute(
                "DROP DATABASE webapp",
                "CREATE DATABASE webapp CHARACTER SET utf8mb4",
                "USE webapp",
                "CREATE OR REPLACE USER drill IDENTIFIED BY 'drill' REQUIRE SSL",
                "GRANT SELECT ON webapp.* TO drill",
                """
                CREATE TABLE orders (
                  order_id BINARY(16) NOT NULL PRIMARY KEY,
                  person VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NULL,
                  note VARCHAR(255) CHARACTER SET latin1 NULL,
                  placed_at DATETIME(3) NOT NULL)""",
                """
                INSERT INTO orders VALUES
                  (UNHEX('00000000000000000000000000000001'), 'ada', 'fragile', '2026-11-18 00:00:00'),
                  (UNHEX('00000000000000000000000000000002'), 'bob', NULL, '2026-11-18 23:59:59.999'),
                  (UNHEX('000000000000000000000000000000ff'), 'eve', 'größer', '2026-11-19 12:00:00'),
                  (UNHEX('00000000000000000000000000000004'), 'ada', '', '2026-11-20 09:00:00')""");
    }

    @AfterEach
    void settingsAsBefore() {
        SERVER.execute("SET GLOBAL time_zone = SYSTEM, max_allowed_packet = 16777216");
    }

    @Test
    void recordsClosedWindowsBelowTheWatermark() throws IOException {
        JsonNode answer = record(ORDERS, "day", 3, 60);

        assertThat(answer.get("watermark").asText()).isEqualTo("2026-11-21T00:00:00Z");
        assertThat(windows(answer)).containsExactly(
                "orders 2026-11-18T00:00:00Z 2026-11-19T00:00:00Z 2",
                "orders 2026-11-19T00:00:00Z 2026-11-20T00:00:00Z 1",
                "orders 2026-11-20T00:00:00Z 2026-11-21T00:00:00Z 1");
        assertThat(answer.get("windows").findValuesAsText("checksum")).allMatch(checksum -> checksum.matches("[0-9a-f]{16}")).doesNotHaveDuplicates();
        assertThat(answer.get("tables").toString()).isEqualTo("[" + JSON.readTree(ORDERS) + "]");
    }

    @ParameterizedTest
    @CsvSource({"day, 155, 2026-11-20T00:00:00Z", "day, 154, 2026-11-21T00:00:00Z", "hour, 34, 2026-11-21T02:00:00Z", "hour, 35, 2026-11-21T01:00:00Z"})
    void watermarkLeavesRowsTimeToSettle(String unit, int settleMinutes, String watermark) throws IOException {
        assertThat(record(ORDERS, unit, 1, settleMinutes).get("watermark").asText()).isEqualTo(watermark);
    }

    @Test
    void windowWithoutRowsIsAWindow() throws IOException {
        assertThat(windows(record(ORDERS, "hour", 2, 0))).containsExactly(
                "orders 2026-11-21T00:00:00Z 2026-11-21T01:00:00Z 0", "orders 2026-11-21T01:00:00Z 2026-11-21T02:00:00Z 0");
    }

    @Test
    void restoredDatabaseWithTheSameRowsMeasuresTheSame() throws IOException {
        JsonNode recorded = record(ORDERS, "day", 3, 60);
        // In another order, as a dump would give.
        SERVER.execute("CREATE TABLE copy LIKE orders", "INSERT INTO copy SELECT * FROM orders ORDER BY order_id DESC", "DROP TABLE orders", "RENAME TABLE copy TO orders");

        assertThat(check(recorded).get("windows")).isEqualTo(recorded.get("windows"));
    }

    @Test
    void rowsAfterTheWatermarkDoNotMatter() throws IOException {
        JsonNode recorded = record(ORDERS, "day", 3, 60);
        SERVER.execute("INSERT INTO orders VALUES (UNHEX(REPEAT('ab', 16)), 'late', NULL, '2026-11-21 00:00:00')");
        now = NOW.plus(Duration.ofDays(40));

        assertThat(check(recorded).get("windows")).isEqualTo(recorded.get("windows"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "UPDATE orders SET person = 'Ada' WHERE HEX(order_id) LIKE '%01'",
        "UPDATE orders SET note = '' WHERE note IS NULL",
        "UPDATE orders SET note = 'NULL' WHERE note IS NULL",
        "UPDATE orders SET person = 'ad', note = 'afragile' WHERE HEX(order_id) LIKE '%01'",
        "UPDATE orders SET person = 'ada,''fragile', note = '' WHERE HEX(order_id) LIKE '%01'",
        "UPDATE orders SET placed_at = '2026-11-18 00:00:00.001' WHERE HEX(order_id) LIKE '%01'",
        "UPDATE orders SET order_id = UNHEX('00000000000000000000000000000003') WHERE HEX(order_id) LIKE '%01'"})
    void alteredRowChangesTheChecksumOfItsWindow(String alteration) throws IOException {
        JsonNode recorded = record(ORDERS, "day", 3, 60);
        SERVER.execute(alteration);

        JsonNode checked = check(recorded);

        assertThat(windows(checked)).isEqualTo(windows(recorded));
        assertThat(checked.at("/windows/0/checksum")).isNotEqualTo(recorded.at("/windows/0/checksum"));
        assertThat(checked.at("/windows/1")).isEqualTo(recorded.at("/windows/1"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "'a,b', 'c' | 'a', 'b,c'",
        "NULL, 'a' | 'a', NULL",
        "NULL, NULL | 'NULL', NULL",
        "NULL, NULL | '', NULL",
        "'a'',''b', 'c' | 'a', 'b'',''c'",
        "'a\\\\', 'b' | 'a', '\\\\b'"})
    void rowsThatDifferOnlyInWhereAValueEndsAreTold(String before, String after) throws IOException {
        SERVER.execute("DELETE FROM orders", "INSERT INTO orders VALUES (REPEAT('a', 16), " + before + ", '2026-11-20')");
        JsonNode recorded = record(ORDERS, "day", 1, 60);
        SERVER.execute("DELETE FROM orders", "INSERT INTO orders VALUES (REPEAT('a', 16), " + after + ", '2026-11-20')");

        assertThat(check(recorded).at("/windows/0/checksum")).isNotEqualTo(recorded.at("/windows/0/checksum"));
    }

    @Test
    void columnsMayBeOfCharacterSetsThatDoNotMix() throws IOException {
        SERVER.execute("CREATE TABLE names (a VARCHAR(9) CHARACTER SET latin1, b VARCHAR(9) CHARACTER SET cp1250, at DATE)",
                "INSERT INTO names VALUES ('größer', 'Łódź', '2026-11-20')");

        assertThat(windows(record("{\"table\": \"names\", \"column\": \"at\", \"columns\": [\"a\", \"b\"]}", "day", 1, 60)))
                .containsExactly("names 2026-11-20T00:00:00Z 2026-11-21T00:00:00Z 1");
    }

    @Test
    void changesThatExchangeValuesOfTwoRowsAreSeen() throws IOException {
        JsonNode recorded = record(ORDERS, "day", 3, 60);
        SERVER.execute("UPDATE orders SET person = IF(person = 'ada', 'bob', 'ada') WHERE placed_at < '2026-11-19'");

        assertThat(check(recorded).at("/windows/0/checksum")).isNotEqualTo(recorded.at("/windows/0/checksum"));
    }

    @Test
    void twoRowsAlikeDoNotCancelEachOther() throws IOException {
        String events = "{\"table\": \"events\", \"column\": \"at\", \"columns\": [\"what\"]}";
        SERVER.execute("CREATE TABLE events (what VARCHAR(9), at DATETIME)",
                "INSERT INTO events VALUES ('a', '2026-11-20'), ('a', '2026-11-20')");
        JsonNode recorded = record(events, "day", 1, 60);
        SERVER.execute("UPDATE events SET what = 'b'");

        assertThat(check(recorded).at("/windows/0/checksum")).isNotEqualTo(recorded.at("/windows/0/checksum"));
    }

    @Test
    void deletedRowChangesTheCount() throws IOException {
        JsonNode recorded = record(ORDERS, "day", 3, 60);
        SERVER.execute("DELETE FROM orders WHERE person = 'bob'");

        assertThat(check(recorded).at("/windows/0/rows").asInt()).isEqualTo(1);
    }

    @Test
    void droppedTableIsAFindingOfEachOfItsWindowsAndTheOthersAreMeasured() throws IOException {
        SERVER.execute("CREATE TABLE refunds LIKE orders");
        JsonNode recorded = record(ORDERS.replace("orders", "refunds") + "," + ORDERS, "day", 2, 60);
        SERVER.execute("DROP TABLE refunds");

        JsonNode checked = check(recorded);

        assertThat(checked.get("windows").findValuesAsText("error")).containsExactly(
                "table is missing, or the user may not read it", "table is missing, or the user may not read it");
        assertThat(checked.at("/windows/2")).isEqualTo(recorded.at("/windows/2"));
        assertThat(checked.get("newest").toString()).isEqualTo("{\"orders\":\"2026-11-20T09:00:00Z\"}");
    }

    @ParameterizedTest
    @CsvSource({"placed_at", "note"})
    void droppedColumnIsAFinding(String column) throws IOException {
        JsonNode recorded = record(ORDERS, "day", 1, 60);
        SERVER.execute("ALTER TABLE orders DROP COLUMN " + column);

        assertThat(check(recorded).at("/windows/0/error").asText()).isEqualTo("column " + column + " is missing");
    }

    @Test
    void tableThatTheUserMayNotReadIsAFinding() throws IOException {
        SERVER.execute("REVOKE SELECT ON webapp.* FROM drill", "GRANT SELECT (order_id) ON webapp.orders TO drill");

        assertThat(record(ORDERS, "day", 1, 60).at("/windows/0/error").asText()).isEqualTo("column placed_at is missing");
    }

    @Test
    void columnThatIsNoTimeIsAFinding() throws IOException {
        String wrong = ORDERS.replace("\"column\": \"placed_at\"", "\"column\": \"person\"");

        assertThat(record(wrong, "day", 1, 60).at("/windows/0/error").asText()).contains("person is of type varchar");
    }

    @Test
    void rowTooLongToHashIsAFinding() throws IOException {
        SERVER.execute("ALTER TABLE orders ADD text MEDIUMTEXT", "UPDATE orders SET text = REPEAT('x', 5000)", "SET GLOBAL max_allowed_packet = 4096");

        assertThat(record(ORDERS.replace("\"note\"", "\"text\""), "day", 1, 60).at("/windows/0/error").asText())
                .startsWith("a row is longer than max_allowed_packet");
    }

    @Test
    void serverSettingsDoNotMatter() throws IOException {
        String payments = "{\"table\": \"payments\", \"column\": \"paid_at\", \"columns\": [\"id\", \"paid_at\", \"code\", \"amount\"]}";
        SERVER.execute("CREATE TABLE payments (id INT PRIMARY KEY, paid_at TIMESTAMP NOT NULL, code CHAR(8), amount DOUBLE)",
                "INSERT INTO payments VALUES (1, FROM_UNIXTIME(" + Instant.parse("2026-11-19T23:30:00Z").getEpochSecond() + "), 'a\\\\b', 0.1)");
        SERVER.execute("SET GLOBAL time_zone = '+05:00'");
        JsonNode recorded = record(payments, "day", 2, 60);
        assertThat(windows(recorded)).containsExactly(
                "payments 2026-11-19T00:00:00Z 2026-11-20T00:00:00Z 1", "payments 2026-11-20T00:00:00Z 2026-11-21T00:00:00Z 0");
        SERVER.execute("SET GLOBAL time_zone = '-03:00', sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
        try {
            JsonNode checked = check(recorded);

            assertThat(checked.get("windows")).isEqualTo(recorded.get("windows"));
            assertThat(checked.at("/newest/payments").asText()).isEqualTo("2026-11-19T23:30:00Z");
        } finally {
            SERVER.execute("SET GLOBAL sql_mode = DEFAULT");
        }
    }

    @Test
    void newestRowIsNotAfterWhatWasAskedFor() throws IOException {
        JsonNode recorded = record(ORDERS, "day", 1, 60);
        SERVER.execute("INSERT INTO orders VALUES (UNHEX(REPEAT('ab', 16)), 'typo', NULL, '2062-01-01')");

        assertThat(check(recorded).at("/newest/orders").asText()).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(check(recorded, "2026-11-19T12:00:00Z").at("/newest/orders").asText()).isEqualTo("2026-11-19T12:00:00Z");
    }

    @Test
    void tableWithoutRowsHasNoNewest() throws IOException {
        SERVER.execute("DELETE FROM orders");

        assertThat(check(record(ORDERS, "day", 1, 60)).get("newest")).isEmpty();
    }

    @Test
    void checkWithoutTablesProvesTheLogin() throws IOException {
        assertThat(run("{\"check\": {" + login() + ", \"windows\": [], \"tables\": []}}"))
                .isEqualTo("{\"tables\":[],\"windows\":[],\"newest\":{}}");
    }

    @Test
    void loginThatIsRefusedIsThrown() {
        SERVER.execute("DROP USER drill");

        assertThatThrownBy(() -> record(ORDERS, "day", 1, 60)).hasMessageContaining("cannot measure windows of localhost").hasMessageContaining("Access denied");
    }

    @Test
    void onlyReads() throws IOException {
        List<String> failures = new ArrayList<>();
        WindowsHandler handler = new WindowsHandler(Map.of("AWS_REGION", "eu-central-1"), configuration -> timeout -> SERVER.master());
        new Invocation().run(handler, "{\"record\": " + recordRequest(ORDERS, "day", 1, 60) + "}");
        // The master user may do everything, so only the transaction hinders it.
        try (Connection connection = SERVER.master()) {
            new WindowReader(connection, webapp.core.time.Deadline.in(Duration.ofSeconds(10)));
            try (Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM orders");
            }
        } catch (java.sql.SQLException e) {
            failures.add(e.getMessage());
        }
        assertThat(failures).hasSize(1).first().asString().contains("READ ONLY transaction");
    }

    @Test
    void statementThatTakesTooLongIsAFinding() throws IOException {
        SERVER.execute("CREATE VIEW slow AS SELECT order_id, placed_at, SLEEP(30) AS nap FROM orders");
        String slow = "{\"table\": \"slow\", \"column\": \"placed_at\", \"columns\": [\"order_id\", \"nap\"]}";

        JsonNode answer = JSON.readTree(new Invocation(Duration.ofMillis(6000)).run(handler(), "{\"record\": " + recordRequest(slow + "," + ORDERS, "day", 3, 60) + "}"));

        assertThat(answer.at("/windows/0/error").asText()).startsWith("it took longer than the function has");
        assertThat(answer.at("/windows/3/error").asText()).startsWith("no time was left to measure it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders`", "orders; DROP TABLE orders", "webapp.orders", "a b"})
    void identifierThatIsNoneIsRefused(String name) {
        assertThatThrownBy(() -> record(ORDERS.replace("\"orders\"", "\"" + name + "\""), "day", 1, 60))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("table is '" + name + "'");
        assertThatThrownBy(() -> record(ORDERS.replace("\"note\"", "\"" + name + "\""), "day", 1, 60))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("column of orders is '" + name + "'");
        assertThatThrownBy(() -> record(ORDERS.replace("\"column\": \"placed_at\"", "\"column\": \"" + name + "\""), "day", 1, 60))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("column of orders is '" + name + "'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"table\": \"\", \"column\": \"placed_at\", \"columns\": [\"note\"]} | /record/tables/0/table is blank",
        "{\"table\": \"orders\", \"columns\": [\"note\"]} | /record/tables/0/column is missing",
        "{\"table\": \"orders\", \"column\": \"placed_at\", \"columns\": [\"note\", \"\"]} | /record/tables/0/columns/1 is no text",
        "{\"table\": \"orders\", \"column\": \"placed_at\"} | table orders has 0 columns: name 1-64 whose values must not change"})
    void whatIsMissingIsNamedByItsPlace(String table, String message) {
        assertThatThrownBy(() -> record(table, "day", 1, 60)).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void keyWordsAreNames() throws IOException {
        SERVER.execute("CREATE TABLE `order` (`group` INT, `select` DATETIME)", "INSERT INTO `order` VALUES (1, '2026-11-20')");

        assertThat(windows(record("{\"table\": \"order\", \"column\": \"select\", \"columns\": [\"group\"]}", "day", 1, 60)))
                .containsExactly("order 2026-11-20T00:00:00Z 2026-11-21T00:00:00Z 1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "day | 1001 | 60 | /record/count is '1001': write a whole number, 1-1000",
        "day | 0 | 60 | /record/count is '0': write a whole number, 1-1000",
        "day | 1 | -1 | /record/settleMinutes is '-1': write a whole number, 0-10080",
        "week | 1 | 60 | /record/unit is 'week': write one of day, hour"})
    void boundsAreKept(String unit, int count, int settleMinutes, String message) {
        assertThatThrownBy(() -> record(ORDERS, unit, count, settleMinutes)).hasMessage(message);
    }

    @Test
    void moreWindowsThanAnItemHoldsAreRefused() {
        assertThatThrownBy(() -> record(ORDERS + "," + ORDERS.replace("orders", "refunds"), "hour", 501, 60))
                .hasMessageStartingWith("2 tables with 501 windows each");
    }

    @Test
    void overlappingWindowsAreRefused() {
        assertThatThrownBy(() -> run("{\"check\": {" + login() + ", \"tables\": [" + ORDERS + "], \"windows\": ["
                        + "{\"table\": \"orders\", \"from\": \"2026-11-18T00:00:00Z\", \"to\": \"2026-11-20T00:00:00Z\"},"
                        + "{\"table\": \"orders\", \"from\": \"2026-11-19T00:00:00Z\", \"to\": \"2026-11-20T00:00:00Z\"}]}}"))
                .hasMessageStartingWith("windows overlap");
    }

    @Test
    void windowsMayHaveRoomBetweenThem() throws IOException {
        JsonNode answer = JSON.readTree(run("{\"check\": {" + login() + ", \"tables\": [" + ORDERS + "], \"windows\": ["
                + "{\"table\": \"orders\", \"from\": \"2026-11-20T00:00:00Z\", \"to\": \"2026-11-21T00:00:00Z\"},"
                + "{\"table\": \"orders\", \"from\": \"2026-11-18T12:00:00Z\", \"to\": \"2026-11-19T00:00:00Z\"}]}}"));

        assertThat(windows(answer)).containsExactly(
                "orders 2026-11-18T12:00:00Z 2026-11-19T00:00:00Z 1", "orders 2026-11-20T00:00:00Z 2026-11-21T00:00:00Z 1");
    }

    @Test
    void hostIsAPlainName() {
        WindowsHandler handler = new WindowsHandler(Map.of("AWS_REGION", "eu-central-1"), Connector::of);
        String event = "{\"record\": " + recordRequest(ORDERS, "day", 1, 60).replace("\"localhost\"", "\"db?sslMode=disable\"") + "}";

        assertThatThrownBy(() -> new Invocation().run(handler, event))
                .isInstanceOf(ConfigurationException.class).hasMessageContaining("DATABASE_HOST is 'db?sslMode=disable'");
    }

    private WindowsHandler handler() {
        return new WindowsHandler(Map.of("AWS_REGION", "eu-central-1"), configuration -> timeout -> {
            Connection connection = SERVER.address().connect(configuration.text("DATABASE_USER"), "drill", timeout, Duration.ofSeconds(5));
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET timestamp = " + now.getEpochSecond());
            }
            return connection;
        });
    }

    private String run(String event) throws IOException {
        return new Invocation(Duration.ofSeconds(30)).run(handler(), event);
    }

    private JsonNode record(String tables, String unit, int count, int settleMinutes) throws IOException {
        return JSON.readTree(run("{\"record\": " + recordRequest(tables, unit, count, settleMinutes) + "}"));
    }

    private static String recordRequest(String tables, String unit, int count, int settleMinutes) {
        return "{" + login() + ", \"unit\": \"" + unit + "\", \"count\": " + count + ", \"settleMinutes\": " + settleMinutes + ", \"tables\": [" + tables + "]}";
    }

    private static String login() {
        return "\"host\": \"localhost\", \"port\": " + SERVER.address().port() + ", \"database\": \"webapp\", \"user\": \"drill\"";
    }

    private JsonNode check(JsonNode recorded) throws IOException {
        return check(recorded, null);
    }

    private JsonNode check(JsonNode recorded, String notAfter) throws IOException {
        ObjectNode request = (ObjectNode) JSON.readTree("{" + login() + "}");
        request.set("windows", recorded.get("windows"));
        request.set("tables", recorded.get("tables"));
        request.put("notAfter", notAfter);
        return JSON.readTree(run(JSON.createObjectNode().set("check", request).toString()));
    }

    private static List<String> windows(JsonNode answer) {
        List<String> windows = new ArrayList<>();
        for (JsonNode window : answer.get("windows")) {
            windows.add(String.join(" ", window.get("table").asText(), window.get("from").asText(), window.get("to").asText(), window.path("rows").asText()));
        }
        return windows;
    }
}
