package webapp.benchmarks;

import java.util.Collection;
import java.util.Locale;

/** Draws the first answers as bars, each process as a tick on its bar; readable on a light and on a dark page. */
final class Plot {
    private static final int LABEL = 310;
    private static final int WIDTH = 900;
    private static final int ROW = 34;
    private static final int TOP = 40;
    private static final int BAR = 16;

    private Plot() {}

    static String of(Collection<Results> results) {
        double slowest = results.stream().mapToDouble(Results::slowestColdMillis).max().orElseThrow();
        double scale = (WIDTH - LABEL - 60) / slowest;
        int height = TOP + results.size() * ROW + 20;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13" role="img">
                <title>Milliseconds to the first answer, median; each tick is one process</title>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                <text x="16" y="22" font-weight="bold" fill="#1b1f24">Milliseconds to the first answer: median, and each process</text>
                """, WIDTH, height));
        int y = TOP;
        for (Results result : results) {
            String colour = switch (result.variant().name()) {
                case Variants.PYTHON -> "#b7791f";
                case Variants.SPRING, Variants.SPRING_RESTORED -> "#6b7280";
                default -> "#2b6cb0";
            };
            double end = LABEL + result.coldMillis() * scale;
            svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#1b1f24\">%s</text>%n",
                    LABEL - 10, y + BAR - 3, result.variant().title().replace("`", "")));
            svg.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    LABEL, y, end - LABEL, BAR, colour));
            double labelAt = LABEL + result.slowestColdMillis() * scale + 8;
            svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" fill=\"#1b1f24\">%.0f</text>%n",
                    labelAt, y + BAR - 3, result.coldMillis()));
            for (FunctionProcess.Cold cold : result.cold()) {
                double at = LABEL + cold.totalNanos() / 1e6 * scale;
                svg.append(String.format(Locale.ROOT, "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#1b1f24\"/>%n",
                        at, y + BAR - 4, y + BAR + 4));
            }
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }
}
