package webapp.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every alarm links a section of its module's runbook that exists, and every section of a runbook that is named like one ({@code ## cpu-credits},
 * not {@code ## Restoring}) belongs to an alarm.
 */
class RunbooksTest {
    private static final Path CHECKOUT = Path.of(System.getProperty("checkout.directory"));
    private static final Path RUNBOOKS = CHECKOUT.resolve("docs/runbooks");
    private static final Pattern LINK = Pattern.compile("^(?<means>.+[.!]) Runbook: \\$\\{var\\.alarms\\.runbook_url}/(?<module>[a-z]+)\\.md#(?<kind>[a-z0-9-]+)$");
    private static final Pattern HEADING = Pattern.compile("(?m)^## ([a-z0-9-]+)$");

    /** An alarm's block, with the module it stands in. */
    private record Alarm(String module, Hcl.Block block) {
        private String name() {
            return module + "." + block.labels().getLast();
        }

        private String text(String attribute) {
            return block.attributes().get(attribute) instanceof Hcl.Text(String text) ? text : "";
        }

        private Matcher link() {
            Matcher link = LINK.matcher(text("alarm_description"));
            assertThat(link.matches())
                    .as("%s: alarm_description must be \"What it means for users. Runbook: ${var.alarms.runbook_url}/%s.md#kind\", written out, but is %s",
                            name(), module, text("alarm_description"))
                    .isTrue();
            return link;
        }
    }

    @Test
    void everyAlarmHasItsSectionAndEverySectionItsAlarm() throws IOException {
        Map<String, Set<String>> linked = new TreeMap<>();
        for (Alarm alarm : alarms()) {
            linked.computeIfAbsent(alarm.link().group("module"), module -> new TreeSet<>()).add(alarm.link().group("kind"));
        }
        Map<String, Set<String>> written = new TreeMap<>();
        for (Path runbook : list(RUNBOOKS)) {
            written.put(runbook.getFileName().toString().replace(".md", ""), headings(runbook));
        }
        assertThat(linked).isEqualTo(written);
    }

    @Test
    void alarmIsNamedAfterItsSectionInItsModulesRunbook() throws IOException {
        for (Alarm alarm : alarms()) {
            assertThat(alarm.link().group("module")).as(alarm.name()).isEqualTo(alarm.module());
            assertThat(alarm.text("alarm_name")).as(alarm.name()).endsWith("-" + alarm.link().group("kind"));
        }
    }

    @Test
    void alarmSaysWhatMissingDataMeansAndTellsWhenItIsOver() throws IOException {
        for (Alarm alarm : alarms()) {
            assertThat(alarm.text("treat_missing_data")).as(alarm.name()).isNotEmpty();
            for (String actions : List.of("alarm_actions", "ok_actions")) {
                assertThat(alarm.block().attributes().get(actions)).as("%s: %s", alarm.name(), actions)
                        .isEqualTo(new Hcl.Reference("var.alarms.actions"));
            }
        }
    }

    private static List<Alarm> alarms() throws IOException {
        List<Alarm> alarms = new ArrayList<>();
        for (Path module : list(CHECKOUT.resolve("modules"))) {
            for (Path file : list(module)) {
                if (file.toString().endsWith(".tf")) {
                    Hcl.parse(file).blocks().stream()
                            .filter(block -> block.type().equals("resource") && block.label().equals("aws_cloudwatch_metric_alarm"))
                            .forEach(block -> alarms.add(new Alarm(module.getFileName().toString(), block)));
                }
            }
        }
        assertThat(alarms).isNotEmpty();
        return alarms;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static Set<String> headings(Path runbook) throws IOException {
        return HEADING.matcher(Files.readString(runbook)).results().map(heading -> heading.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }
}
