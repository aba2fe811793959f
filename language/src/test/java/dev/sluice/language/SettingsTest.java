package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.language.Settings.Multicast;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final String ADDRESSES = """
        [monitor.mcast]
        delay_ms = 300
        %s
        [monitor.mcast.commit]
        ip = "224.224.224.3"
        port = 11223
        [monitor.mcast.homenode]
        ip = "224.224.224.4"
        port = 22334
        """;

    @Test
    void withoutAFileBothMonitorsAreOnAtUpstreamsAddresses() {
        assertThat(Settings.DEFAULT)
                .isEqualTo(new Settings(
                        new Multicast(true, "224.224.224.1", 12345, "224.224.224.2", 12345, 300),
                        true,
                        "224.224.224.3",
                        11223));
    }

    @Test
    void aFileOfUpstreamsTestsThatIsNoTomlIsToldWithItsPlace() {
        Settings.Result result = Settings.of("[a.wrong.formatted.table");
        assertThat(result.settings()).isEqualTo(Settings.DEFAULT);
        assertThat(result.problems()).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem.isError()).isTrue();
            assertThat(problem.line()).isEqualTo(1);
            assertThat(problem.message()).startsWith("this is no TOML");
        });
    }

    @Test
    void aFileThatSwitchesBothMonitorsOnIsRead() {
        Settings.Result result =
                Settings.of("[monitor.filesystem]\nenabled = true\n" + ADDRESSES.formatted("enabled = true"));
        assertThat(result.problems()).isEmpty();
        assertThat(result.settings())
                .isEqualTo(new Settings(
                        new Multicast(true, "224.224.224.3", 11223, "224.224.224.4", 22334, 300),
                        true,
                        "224.224.224.3",
                        11223));
    }

    @Test
    void aFileThatDoesNotSpeakOfAMonitorSwitchesItOff() {
        Settings.Result result = Settings.of(ADDRESSES.formatted(""));
        assertThat(result.problems()).isEmpty();
        assertThat(result.settings().multicast().enabled()).isFalse();
        assertThat(result.settings().fileSystemMonitor()).isFalse();
        assertThat(result.settings().multicast().commitPort()).isEqualTo(11223);
    }

    @Test
    void dottedKeysAreKeysOfTables() {
        Settings.Result result = Settings.of("[monitor]\nfilesystem.enabled = false\nmcast.enabled = false\n");
        assertThat(result.problems()).isEmpty();
        assertThat(result.settings().fileSystemMonitor()).isFalse();
        assertThat(result.settings().multicast().enabled()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        monitor.mcast.enabled = "true"            | wrong-type
        monitor.mcast.enabled = 1                 | wrong-type
        monitor.mcast.enabled = 1979-05-27        | wrong-type
        monitor.mcast.delay_ms = 1.5              | wrong-type
        monitor.mcast.delay_ms = -1               | wrong-type
        monitor.mcast.delay_ms = [300]            | wrong-type
        monitor.mcast.delay_ms = inf              | wrong-type
        monitor.mcast.commit.port = 65536         | wrong-type
        monitor.mcast.commit.port = "1"           | wrong-type
        monitor.mcast.commit.ip = "nowhere"       | wrong-type
        monitor.mcast.commit.ip = 07:32:00        | wrong-type
        dynamic_api.ip = {}                       |
        dynamic_api.port = 9223372036854775808    | syntax
        dynamic_api.prot = 1                      | unknown-key
        monitor.mcast.commit = 7                  | unknown-key
        monitor.filesystem.enabled = true         |
        dynamic_api.port = 0x10                   |
        dynamic_api.ip = "ff02::1"                |
        """)
    void everyMistakeIsTold(String toml, String code) {
        Settings.Result result = Settings.of("# first\n" + toml + "\n");
        if (code == null) {
            assertThat(result.problems()).isEmpty();
        } else {
            assertThat(result.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.code()).isEqualTo(code);
                assertThat(problem.line()).isEqualTo(2);
                assertThat(problem.isError()).isEqualTo(!code.equals("unknown-key"));
            });
        }
    }

    @Test
    void aMisspeltKeyIsGuessed() {
        assertThat(Settings.of("dynamic_api.prot = 1").problems())
                .extracting(Problem::advice)
                .containsExactly("did you mean \"dynamic_api.port\"?");
    }

    @Test
    void bytesThatAreNoTextAreTold(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("s.toml"), "a = \"\u00e9\"".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Settings.read(file).problems()).extracting(Problem::code).containsExactly("syntax");
    }

    @Test
    void deepNestingDoesNotOverflowTheStack() {
        assertThat(Settings.of("a = " + "[".repeat(100_000)).problems()).isNotEmpty();
    }
}
