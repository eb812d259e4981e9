package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanTest {
    @Test
    void planIsReadAsTerraformWritesIt() throws IOException {
        Plan plan = parse(shop());
        assertThat(plan.recoveryRegion()).isEqualTo("eu-west-1");
        Plan.Database database = plan.databases().getFirst();
        assertThat(database.kind()).isEqualTo(Kind.INSTANCE);
        assertThat(database.schedule()).isEqualTo(new Schedule(List.of(LocalTime.of(2, 0)), ZoneId.of("Europe/Berlin"), Set.of()));
        assertThat(database.retention()).isEqualTo(new Retention(3, 7, 4, 12, null, 2));
        assertThat(database.recovery().retention().maximumAgeDays()).isEqualTo(400);
        assertThat(database.export().every()).isEqualTo(Plan.Every.DAY);
        assertThat(database.drill().rto()).isEqualTo(Duration.ofHours(2));
        assertThat(database.windows().tables()).containsExactly(
                new Plan.Table("orders", "placed_at", List.of("order_id", "person", "total_cents", "placed_at")));
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(delimiter = '|', value = {
        "\"times\": [\"02:00\"]        | \"times\": [\"2:00\"]           | /databases/0/times is '2:00': write hours and minutes, such as 02:00",
        "\"times\": [\"02:00\"]        | \"times\": []                   | /databases/0/times has none: write at least one, such as 02:00",
        "\"Europe/Berlin\"             | \"Europe/Berlyn\"               | /databases/0/timeZone is 'Europe/Berlyn': write a name of the time zone database",
        "\"days\": null                | \"days\": [\"montag\"]          | /databases/0/days has 'montag': write some of mon, tue, wed, thu, fri, sat, sun",
        "\"kind\": \"instance\"        | \"kind\": \"aurora\"            | /databases/0/kind is 'aurora': write one of instance, cluster",
        "\"minimum\": 2                | \"minimum\": 0                  | /databases/0/retention/minimum is '0': write a whole number, 1-10000",
        "\"minimum\": 2                | \"minimun\": 2                  | /databases/0/retention/minimum is missing",
        "\"last\": 3                   | \"last\": 3, \"hourly\": 4      | /databases/0/retention/hourly is unknown: write one of",
        "\"maximumAgeDays\": 400       | \"maximumAgeDays\": \"never\"   | /databases/0/recovery/retention/maximumAgeDays is 'never': write a whole number",
        "\"every\": \"day\"            | \"every\": \"year\"             | /databases/0/export/every is 'year': write one of slot, day, week, month",
        "\"prefix\": \"shop-prod\"     | \"prefix\": \"shop:prod\"       | /databases/0/export/prefix is 'shop:prod': RDS takes no colon in it",
        "[\"444455556666\"]            | [\"shop\"]                      | /databases/0/shareWith has 'shop': write account ids of 12 digits",
        "{\"region\": \"eu-west-1\"}   | {\"region\": \"eu-central-1\"}  | /recovery/region is the databases' own: write another one",
        "{\"region\": \"eu-west-1\"}   | null                            | /databases/0/recovery is set, but the plan has no recovery region",
        "\"dryRun\": false             | \"dryRun\": \"perhaps\"         | /dryRun is 'perhaps': write one of true, false",
        "\"identifier\": \"shop-prod\" | \"identifier\": {}              | /databases/0/identifier is no text",
    })
    void wrongValueIsNamedWithItsRemedy(String right, String wrong, String complaint) throws IOException {
        assertThat(shop()).contains(right);
        assertThatThrownBy(() -> parse(shop().replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the event is no backup plan: " + complaint);
    }

    @Test
    void eventThatIsNoPlanIsRefused() {
        assertThatThrownBy(() -> parse("{\"source\": \"aws.scheduler\"}")).hasMessage("the event is no backup plan: /databases has none");
        assertThatThrownBy(() -> parse("[]")).hasMessage("the event is no backup plan: expected a JSON object");
        assertThatThrownBy(() -> parse("{\"name\": ")).hasMessageStartingWith("the event is no backup plan: expected a JSON object: ");
    }

    @Test
    void databaseIsNotPlannedTwice() throws IOException {
        String once = shop();
        String database = once.substring(once.indexOf('[') + 1, once.lastIndexOf(']'));
        assertThatThrownBy(() -> parse(once.replace(database, database + "," + database)))
                .hasMessage("the event is no backup plan: /databases/1/identifier is 'shop-prod' a second time");
    }

    static String shop() throws IOException {
        try (InputStream plan = PlanTest.class.getResourceAsStream("/plans/shop.json")) {
            return new String(plan.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static Plan parse(String json) throws IOException {
        return Plan.parse(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
    }
}
