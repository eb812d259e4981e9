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

    /** An alarm's block, with the module it stands in and, where a block is one alarm for each entry of a map, the entry. */
    private record Alarm(String module, Hcl.Block block, String key, String value) {
        private String name() {
            return module + "." + block.labels().getLast() + (key.isEmpty() ? "" : "[" + key + "]");
        }

        private String text(String attribute) {
            return block.attributes().get(attribute) instanceof Hcl.Text(String text) ? text.replace("${each.key}", key).replace("${each.value}", value) : "";
        }

        /** Topics are of one region, as alarms are. */
        private Hcl.Value actions() {
            return new Hcl.Reference(new Hcl.Reference("aws.dr").equals(block.attributes().get("provider")) ? "var.alarms.recovery_actions" : "var.alarms.actions");
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
        written.values().removeIf(Set::isEmpty); // a runbook of what no alarm asks for
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
                assertThat(alarm.block().attributes().get(actions)).as("%s: %s", alarm.name(), actions).isEqualTo(alarm.actions());
            }
        }
    }

    private static List<Alarm> alarms() throws IOException {
        List<Alarm> alarms = new ArrayList<>();
        for (Path module : list(CHECKOUT.resolve("modules"))) {
            List<Hcl.Block> blocks = new ArrayList<>();
            for (Path file : list(module)) {
                if (file.toString().endsWith(".tf")) {
                    blocks.addAll(Hcl.parse(file).blocks());
                }
            }
            blocks.stream().filter(block -> block.type().equals("resource") && block.label().equals("aws_cloudwatch_metric_alarm"))
                    .forEach(block -> alarms.addAll(alarms(module.getFileName().toString(), block, blocks)));
        }
        assertThat(alarms).isNotEmpty();
        return alarms;
    }

    /** One, or one for each entry of the local map that {@code for_each} names, where the entries are texts. */
    private static List<Alarm> alarms(String module, Hcl.Block block, List<Hcl.Block> blocks) {
        if (!block.written().getOrDefault("alarm_description", "").contains("#${each.key}")) {
            return List.of(new Alarm(module, block, "", ""));
        }
        List<Alarm> alarms = new ArrayList<>();
        blocks.stream().filter(locals -> locals.type().equals("locals")).flatMap(locals -> locals.attributes().entrySet().stream())
                .filter(local -> block.written().get("for_each").contains("local." + local.getKey() + " "))
                .forEach(local -> {
                    if (local.getValue() instanceof Hcl.Literal(Map<String, Hcl.Value> entries)) {
                        entries.forEach((key, value) -> alarms.add(new Alarm(module, block, key, value instanceof Hcl.Text(String text) ? text : "")));
                    }
                });
        assertThat(alarms).as("%s.%s: for_each must name a map of locals that is written out, each text what the alarm means", module, block.labels().getLast()).isNotEmpty();
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
