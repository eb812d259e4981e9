package webapp.backup.windows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a restored database has of what was recorded in the one it is restored from.
 *
 * @param findings what is missing or differs, for a person to read; none if all is there
 * @param matched how many windows are as recorded
 * @param reached the latest moment of which the restored data give proof: the end of a window that is as recorded, or a row; null without any
 */
public record Comparison(List<String> findings, int matched, Instant reached) {
    /** A table that is gone differs in every window; a list of all of them helps nobody. */
    private static final int TOLD_OF_A_TABLE = 3;

    public Comparison {
        findings = List.copyOf(findings);
    }

    /** @param measured the answer of the restored database to a check of the recorded windows */
    public static Comparison of(WindowsAnswer recorded, WindowsAnswer measured) {
        Map<Window, MeasuredWindow> restored = new HashMap<>();
        measured.windows().forEach(window -> restored.put(window.window(), window));
        Map<String, List<String>> findings = new LinkedHashMap<>();
        int matched = 0;
        Instant reached = measured.newest().values().stream().max(Instant::compareTo).orElse(null);
        for (MeasuredWindow before : recorded.windows()) {
            String difference = difference(before, restored.get(before.window()));
            if (difference == null) {
                matched++;
                if (reached == null || reached.isBefore(before.window().to())) {
                    reached = before.window().to();
                }
            } else {
                List<String> ofTable = findings.computeIfAbsent(before.window().table(), table -> new ArrayList<>());
                if (!ofTable.contains(difference)) {
                    ofTable.add(difference);
                }
            }
        }
        List<String> told = new ArrayList<>();
        findings.forEach((table, differences) -> {
            differences.stream().limit(TOLD_OF_A_TABLE).forEach(difference -> told.add(table + ": " + difference));
            if (differences.size() > TOLD_OF_A_TABLE) {
                told.add(table + ": so do " + (differences.size() - TOLD_OF_A_TABLE) + " more windows");
            }
        });
        return new Comparison(told, matched, reached);
    }

    /** @return null if there is none */
    private static String difference(MeasuredWindow before, MeasuredWindow after) {
        Window window = before.window();
        String place = " from " + window.from() + " to " + window.to();
        if (before.error() != null) {
            return "was not recorded: " + before.error();
        }
        if (after == null) {
            return "was not measured" + place;
        }
        if (after.error() != null) {
            return after.error();
        }
        if (before.rows() != after.rows()) {
            return "rows differ in number" + place + ": " + before.rows() + " recorded, " + after.rows() + " restored";
        }
        return before.checksum().equals(after.checksum()) ? null : "rows differ in content" + place + ": " + before.rows() + " of them";
    }
}
