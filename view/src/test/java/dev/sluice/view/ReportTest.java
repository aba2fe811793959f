package dev.sluice.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The page, in a browser. Its pictures are left in {@code target/pictures}. */
class ReportTest {
    @TempDir
    private static Path folder;

    private static Browser browser;

    @BeforeAll
    static void begin() throws IOException {
        browser = new Browser(Files.createDirectory(folder.resolve("profile")), 1280, 3300);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.close();
        }
    }

    private void open(Facts facts) throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), Report.page(Report.json(facts)));
        browser.open(page.toUri().toString());
    }

    @ParameterizedTest
    @CsvSource({"2, 3, light", "2, 3, dark", "50, 300, light", "50, 300, dark"})
    void allOfARunIsShown(int steps, int files, String colours) throws IOException {
        browser.colours(colours);
        Facts facts = Samples.chain(steps, files, "succeeded");
        open(facts);

        assertThat(browser.text("h1")).isEqualTo("chain of " + steps);
        assertThat(browser.text("#about")).contains("/data/<work> & more");
        assertThat(browser.count("[data-key^='step ']")).isEqualTo(steps);
        assertThat(browser.count("[data-key^='file ']")).isEqualTo(Math.min(files, 30));
        assertThat(browser.count("#steps tbody tr")).isEqualTo(steps);
        assertThat(browser.count("#flow .step")).isEqualTo(steps);
        assertThat(browser.count("#speed path")).isEqualTo(6);
        assertThat(browser.count("#advice li")).isPositive();
        browser.save(Path.of("target", "pictures", "report-" + steps + "-" + files + "-" + colours + ".png"));
        if (files > 30) {
            browser.run("document.getElementById('more').click()");
            assertThat(browser.count("[data-key^='file ']")).isEqualTo(files);
            assertThat(browser.count("#files tbody tr")).isEqualTo(files);
        }
        numbersAre(facts);
        assertThat(browser.run("return document.documentElement.scrollWidth - innerWidth"))
                .isEqualTo(0L);
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void aTelephoneShowsTheWholeTime() throws IOException {
        browser.narrow(420);
        try {
            open(Samples.chain(3, 3, "succeeded"));
            for (String place : new String[] {"timeline", "speed"}) {
                assertThat(browser.run(
                                "const e = document.getElementById(arguments[0]); return e.scrollWidth - e.clientWidth",
                                place))
                        .as(place)
                        .isEqualTo(0L);
            }
        } finally {
            browser.wide();
        }
    }

    /** Each number of the page says where in the run's facts it stands; there it is, and is written as it should be. */
    @SuppressWarnings("unchecked")
    private void numbersAre(Facts facts) {
        // The JSON that is kept of the run, and not that of the page.
        List<Map<String, Object>> numbers = (List<Map<String, Object>>) browser.run("""
            const kept = JSON.parse(arguments[0]);
            const at = place => place.split('/').slice(1).reduce((value, key) => value[key], kept);
            return [...document.querySelectorAll('[data-at]')].map(one => ({ at: one.dataset.at,
                unit: one.dataset.unit, text: one.textContent,
                value: one.dataset.at.split(' ').reduce((sum, place) => sum + at(place), 0) }));
            """, Report.json(facts));
        assertThat(numbers).hasSizeGreaterThan(40);
        for (Map<String, Object> number : numbers) {
            long value = ((Number) number.get("value")).longValue();
            String written = switch (String.valueOf(number.get("unit"))) {
                case "bytes" -> Figures.bytes(value);
                case "time" -> Figures.seconds(value);
                case "times" -> Figures.hundredths(value) + " ×";
                default -> Long.toString(value);
            };
            assertThat(String.valueOf(number.get("text")).replaceFirst("^[≤≈] ", ""))
                    .as(String.valueOf(number.get("at")))
                    .isEqualTo(written);
        }
    }

    @Test
    void keysFilterAndZoom() throws IOException {
        open(Samples.chain(50, 300, "succeeded"));
        String whole = axis();

        browser.press("+");
        browser.press("+");
        String near = axis();
        assertThat(near).isNotEqualTo(whole);
        browser.press(Keys.ARROW_RIGHT);
        assertThat(axis()).isNotEqualTo(near).isNotEqualTo(whole);
        browser.press("0");
        assertThat(axis()).isEqualTo(whole);

        browser.press("/");
        browser.press("step-7");
        assertThat(browser.count("[data-key^='step ']")).isEqualTo(1);
        assertThat(browser.count("[data-key^='file ']"))
                .as("6 that it reads, 6 that it writes")
                .isEqualTo(12);
        browser.press(Keys.ESCAPE);
        assertThat(browser.count("[data-key^='step ']")).isEqualTo(50);

        browser.run("document.querySelector('#timeline [data-key]').focus({ focusVisible: true })");
        browser.pressTab();
        assertThat(browser.text("#tip")).startsWith("step-1: done");
        assertThat(browser.run("return document.getElementById('tip').hidden")).isEqualTo(false);
        assertThat(browser.errors()).isEmpty();
    }

    private String axis() {
        return String.valueOf(browser.run(
                "return [...document.querySelectorAll('#timeline text.faint')].map(one => one.textContent).join()"));
    }

    @Test
    void aNameCannotBecomeMarkup() throws IOException {
        Facts facts = Samples.chain(2, 3, "succeeded");
        Facts.Head head = facts.head();
        open(new Facts(
                new Facts.Head(
                        "</script><script>document.title='taken'</script>",
                        head.directory(),
                        head.manner(),
                        head.begin(),
                        head.micros(),
                        "failed",
                        3,
                        List.of("step <b>x</b> failed"),
                        head.processors()),
                facts.steps(),
                facts.files(),
                facts.sums(),
                facts.tick(),
                facts.alone(),
                facts.route(),
                facts.advice()));

        assertThat(browser.text("h1")).startsWith("</script>");
        assertThat(browser.text("#said")).isEqualTo("step <b>x</b> failed");
        assertThat(browser.run("return document.title")).isNotEqualTo("taken");
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void aRunOfNothingIsShownToo() throws IOException {
        Facts facts = Samples.chain(1, 0, "succeeded");
        open(facts);

        assertThat(browser.count("[data-key]")).isEqualTo(1);
        assertThat(browser.errors()).isEmpty();
    }
}
