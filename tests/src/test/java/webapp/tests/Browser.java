package webapp.tests;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A real Chromium, the one that the environment variable CHROMIUM names; {@code local/webapp test} sets it. */
final class Browser implements AutoCloseable {
    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;
    private BrowserContext context;
    private final String url;
    private final Path screenshots;
    private final List<String> consoleErrors = new ArrayList<>();

    Browser(String url, Path screenshots) {
        this.url = url;
        this.screenshots = screenshots;
        String chromium = Optional.ofNullable(System.getenv("CHROMIUM")).orElseThrow(() -> new IllegalStateException(
                "the stack test drives a real browser: point the environment variable CHROMIUM at Chromium's program"));
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions()
                .setExecutablePath(Path.of(chromium))
                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync")));
        context = newContext();
    }

    private BrowserContext newContext() {
        return browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(1100, 800).setReducedMotion(ReducedMotion.REDUCE));
    }

    /** Goes on as another visitor: without cookies and without what pages have stored. */
    void forget() {
        context.close();
        context = newContext();
    }

    BrowserContext context() {
        return context;
    }

    /** A new tab on this path, once the page has loaded. */
    Page open(String path) {
        consoleErrors.clear();
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                consoleErrors.add(message.text());
            }
        });
        page.onPageError(consoleErrors::add);
        page.navigate(url + path);
        return page;
    }

    /** What the last opened page reported as errors, such as a violation of its content security policy. */
    List<String> consoleErrors() {
        return List.copyOf(consoleErrors);
    }

    /** Of what a visitor sees first; a click may have scrolled. */
    void screenshot(Page page, String name) {
        page.evaluate("window.scrollTo(0, 0)");
        page.screenshot(new Page.ScreenshotOptions().setPath(screenshots.resolve(name + ".png")));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
