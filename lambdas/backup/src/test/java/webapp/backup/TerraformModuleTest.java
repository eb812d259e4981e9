package webapp.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The functions and {@code modules/backup} say the same. A run of its {@code terraform test} asserts that the plan it writes is {@code plan.json}. */
class TerraformModuleTest {
    private static final Path MODULE = Path.of("../../modules/backup");

    @Test
    void everythingThatCanBeSaidOfADatabaseIsRead() throws IOException {
        Plan.Database shop = plan().databases().get(1);
        assertThat(shop.schedule().times()).containsExactly(LocalTime.of(2, 0), LocalTime.of(14, 30));
        assertThat(shop.retention()).isEqualTo(new Retention(4, 6, 5, 12, 400, 3));
        assertThat(shop.recovery()).isEqualTo(
                new Plan.Recovery("arn:aws:kms:eu-west-1:111122223333:key/recovery", "shop-options", new Retention(2, 3, 1, 0, 90, 1)));
        assertThat(shop.shareWith()).containsExactly("444455556666");
        assertThat(shop.export().every()).isEqualTo(Plan.Every.DAY);
        assertThat(shop.export().exportOnly()).containsExactly("shop.orders");
        assertThat(shop.drill().instanceClass()).isEqualTo("db.m7g.large");
        assertThat(shop.drill().rpo()).isEqualTo(Duration.ofMinutes(5400));
        assertThat(shop.windows().unit()).isEqualTo(Plan.Unit.HOUR);
        assertThat(shop.windows().tables())
                .containsExactly(new Plan.Table("orders", "placed_at", List.of("order_id", "person", "total_cents", "placed_at")));
    }

    @Test
    void whatIsLeftOutIsRead() throws IOException {
        Plan.Database reports = plan().databases().getFirst();
        assertThat(reports.kind()).isEqualTo(Kind.CLUSTER);
        assertThat(reports.export()).isNull();
        assertThat(reports.windows()).isNull();
        assertThat(reports.kmsKeyArn()).isNull();
        assertThat(reports.drill().clusterParameterGroupName()).isEqualTo("aurora-tls");
    }

    @Test
    void eachReasonHasAnAlarmInTheRegionThatTellsIt() throws IOException {
        assertThat(alarms("failures")).isEqualTo(texts(Tick.REASONS));
        assertThat(alarms("recovery_failures")).isEqualTo(texts(RecoveryTick.REASONS));
    }

    private static Plan plan() throws IOException {
        try (InputStream written = Files.newInputStream(MODULE.resolve("tests/plan.json"))) {
            return Plan.parse(written);
        }
    }

    /** The keys of a map of alarms.tf. */
    private static Set<String> alarms(String map) throws IOException {
        Matcher entries = Pattern.compile("(?ms)^  " + map + " = \\{$(.*?)^  }$").matcher(Files.readString(MODULE.resolve("alarms.tf")));
        assertThat(entries.find()).as(map).isTrue();
        return Pattern.compile("(?m)^ {4}([a-z-]+) += \"").matcher(entries.group(1)).results().map(entry -> entry.group(1)).collect(Collectors.toSet());
    }

    private static Set<String> texts(Set<Reason> reasons) {
        return reasons.stream().map(reason -> reason.text).collect(Collectors.toSet());
    }
}
