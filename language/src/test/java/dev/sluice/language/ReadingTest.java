package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.language.Reading.Mode;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
    private static final String GOOD = """
        {
          "name": "w\u00e9", // a comment
          "version": 1.1, "configuration": "c.toml",
          "aliases": [ { "group_name": "g", "files": ["x", "y/*"] } ],
          "IO_Graph": [
            { "name": "a", "input_stream": ["g"], "output_stream": ["x", "d"],
              "streaming": [ { "name": ["x"], "committed": "on_close:3", "mode": "no_update" },
                { "dirname": ["d"], "committed": "on_n_files", "n_files": 10 },
                { "name": ["z\\n\\ud83d\\ude00"], "committed": "on_file", "file_deps": ["x"] } ] }
          ],
          "permanent": ["x"], "exclude": ["*.tmp"],
          "home_node_policies": { "create": [], "hashing": ["h"], "manual": [ { "name": ["m"], "app_node": "a:0" } ] },
          "storage": { "memory": ["x"], "fs": ["d/*"] } /* the end */
        }
        """;

    @TempDir
    Path folder;

    @Test
    void tellsEveryProblemWithItsPlace() throws Exception {
        Path file = folder.resolve("flow.json");
        Files.writeString(file, """
            {
              "name": "w",
              "IO_Graph": [
                { "name": "a", "input_stream": [], "output_stream": ["x"],
                  "streaming": [ { "name": ["x"], "comitted": "on_close", "mode": "no-update" } ] }
              ]
            }
            """);
        StringBuilder out = new StringBuilder();
        // @start region="read"
        Reading reading = Reading.of(file, Reading.Mode.STRICT);
        for (Problem problem : reading.check(folder, path -> Files.exists(folder.resolve(path)))) {
            out.append(problem.in(reading.source())).append('\n');
        }
        // @end

        assertThat(out.toString().replace(file.toString(), "flow.json")).isEqualTo("""
            flow.json:5:39: error: there is no key "comitted" in a rule; did you mean "committed"? [unknown-key, $.IO_Graph[0].streaming[0].comitted]
            flow.json:5:71: error: there is no mode "no-update"; did you mean "no_update"? [fire-rule, $.IO_Graph[0].streaming[0].mode]
            """);
    }

    private static Problem syntax(String text) {
        return syntax(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The only problem of bytes that are no JSON. */
    private static Problem syntax(byte... bytes) {
        Reading reading = Reading.of("flow.json", bytes, Mode.LENIENT);
        assertThat(reading.flow()).isEmpty();
        assertThat(reading.problems()).hasSize(1);
        assertThatThrownBy(reading::orThrow).isInstanceOf(FlowException.class).hasMessageStartingWith("flow.json:");
        Problem problem = reading.problems().getFirst();
        assertThat(problem.code()).isEqualTo("syntax");
        assertThat(reading.check(null, _ -> true)).isEqualTo(reading.problems());
        return problem;
    }

    private static String at(Problem problem) {
        return problem.line() + ":" + problem.column();
    }

    @Test
    void commentsAreRead() throws Exception {
        assertThat(Reading.of("flow", GOOD, Mode.STRICT).orThrow().name()).isEqualTo("w\u00e9");
    }

    @Test
    void aMarkOfTheByteOrderIsNoPartOfTheFlow() throws Exception {
        Reading reading = Reading.of("flow", "\uFEFF{\"name\": \"w\", \"IO_Graph\": [], \"x\": 1}", Mode.STRICT);
        assertThat(reading.problems()).extracting(ReadingTest::at).containsExactly("1:31");
        assertThat(at(syntax(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '{', (byte) 0xFF})))
                .isEqualTo("1:2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\n", "// nothing", "\uFEFF"})
    void anEmptyFileIsToldAsSuch(String text) {
        assertThat(syntax(text).message()).isEqualTo("the file is empty");
    }

    @Test
    void textThatIsNoJsonIsToldWithItsPlace() {
        assertThat(at(syntax("{\n  \"name\": \"w\",\n  oops\n}"))).startsWith("3:");
        assertThat(at(syntax("{\"name\": \"w\"} {}"))).isEqualTo("1:15");
        assertThat(syntax("{\"name\": \"w\"} {}").message()).contains("follows the end");
        assertThat(at(syntax("{\"name\": \"w\",}"))).startsWith("1:");
        assertThat(at(syntax("{\"name\": NaN}"))).startsWith("1:");
        assertThat(at(syntax("{\"name\": 'w'}"))).startsWith("1:");
        assertThat(at(syntax("{\"name\": \"a\nb\"}"))).startsWith("1:");
        assertThat(at(syntax("{\n\"name\": 01}"))).startsWith("2:");
        assertThat(at(syntax("[1, 2"))).startsWith("1:");
        assertThat(at(syntax("/* no end"))).startsWith("1:");
    }

    @Test
    void bytesThatAreNoTextAreToldWithTheirPlace() {
        byte[] bytes = "{\n \"\u00e9\u00e9\": x".getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 1] = (byte) 0xC3;
        assertThat(at(syntax(bytes))).isEqualTo("2:8");
        assertThat(syntax(bytes).message()).contains("0xc3").contains("UTF-8");
        assertThat(at(syntax((byte) 0xFF))).isEqualTo("1:1");
        assertThat(at(syntax((byte) '{', (byte) 0xED, (byte) 0xA0, (byte) 0x80)))
                .isEqualTo("1:2");
    }

    @Test
    void nestingIsReadAsDeepAsUpstreamDoesAndRefusedBeyond() {
        String deep = "[".repeat(1000) + "]".repeat(1000);
        assertThat(Reading.of("flow", deep, Mode.STRICT).problems())
                .extracting(Problem::code)
                .containsExactly("wrong-type");
        assertThat(syntax("[".repeat(1025) + "]".repeat(1025)).message()).contains("1024");
        assertThat(syntax("[".repeat(5_000_000)).line()).isEqualTo(1);
        assertThat(syntax("{\"a\":".repeat(1_000_000)).line()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1e999999999", "1e99999999999999999999", "1e-999999999", "0.1", "-0"})
    void hugeNumbersAreNumbers(String number) {
        String rule = "{\"dirname\": [\"d\"], \"committed\": \"on_n_files\", \"n_files\": " + number + "}";
        Reading reading = Reading.of("flow", flow(rule), Mode.STRICT);
        assertThat(reading.problems()).isNotNull();
        if (number.equals("1e999999999")) {
            assertThat(reading.flow()
                            .orElseThrow()
                            .steps()
                            .getFirst()
                            .rules()
                            .getFirst()
                            .commit())
                    .isEqualTo(CommitRule.onNFiles(Long.MAX_VALUE));
        } else {
            assertThat(reading.problems()).extracting(Problem::code).containsAnyOf("n-files", "wrong-type");
        }
        assertThat(Reading.of("flow", "{\"version\": " + number + "}", Mode.LENIENT)
                        .flow())
                .isEmpty();
    }

    @Test
    void longNumbersAreReadWithoutCalculatingWithThem() {
        String digits = "7".repeat(5_000_000);
        String rule = "{\"dirname\": [\"d\"], \"committed\": \"on_n_files\", \"n_files\": " + digits
                + "}, {\"name\": []," + " \"committed\": \"on_close:" + digits
                + "\"}, {\"dirname\": [], \"n_files\": 1." + digits + "}";
        Reading reading = Reading.of("flow", flow(rule), Mode.STRICT);
        assertThat(reading.problems())
                .extracting(Problem::code)
                .containsExactly("close-count", "wrong-type", "no-effect");
        assertThat(reading.problems())
                .allSatisfy(problem -> assertThat(problem.in("flow")).hasSizeLessThan(3000));
    }

    private static String flow(String rules) {
        return "{\"name\": \"w\", \"IO_Graph\": [{\"name\": \"s\", \"input_stream\": [], \"output_stream\": [\"d\"],"
                + " \"streaming\": [" + rules + "]}]}";
    }

    @Test
    void aProblemIsOneLineWhateverTheFileSays() {
        Reading reading = Reading.of("flow", "{\"a\\nb\\u0007\": 1}", Mode.STRICT);
        assertThat(reading.problems())
                .extracting(problem -> problem.in("flow"))
                .allSatisfy(line -> assertThat(line).doesNotContain("\n", "\u0007"));
        assertThat(reading.problems()).extracting(Problem::message).anyMatch(message -> message.contains("a\\u000ab"));
    }

    @Test
    void errorsAreToldAlsoBehindAThousandWarnings() {
        String text = "{\"name\": \"w\", \"IO_Graph\": []" + ", \"name\": 1".repeat(3000) + ", \"wrong\": 1}";
        List<Problem> problems = Reading.of("flow", text, Mode.STRICT).problems();
        assertThat(problems).extracting(Problem::code).contains("unknown-key");
        assertThat(problems).hasSize(1002);
        assertThat(problems.getLast().message()).isEqualTo("there are 2000 more warnings");
    }

    @Test
    void tellsTheLineOfAPlace() {
        Reading reading = Reading.of("flow", GOOD, Mode.STRICT);
        assertThat(reading.line("$")).isEqualTo(1);
        assertThat(reading.line("$.IO_Graph[0].streaming[1].n_files")).isEqualTo(8);
        assertThat(reading.line("$.IO_Graph[0].streaming[9]")).isEqualTo(7);
        assertThat(reading.line("$.storage.fs[0]")).isEqualTo(13);
        assertThat(reading.line("$['it''s.storage']")).isEqualTo(1);
        assertThat(reading.line("")).isEqualTo(1);
        assertThat(reading.line("$[")).isEqualTo(1);
        assertThat(reading.line("$['")).isEqualTo(1);
        assertThat(reading.line("$.IO_Graph[99999999999999]")).isEqualTo(5);
        assertThat(Reading.of("flow", "{\n\"a'b\\\\\": {\n\"c.d\": 1}}", Mode.STRICT)
                        .line("$['a\\'b\\\\']['c.d']"))
                .isEqualTo(3);
        assertThat(Reading.of("flow", "", Mode.STRICT).line("$")).isZero();
    }

    @Test
    void aFileThatIsNotThereIsAnOrdinaryException() {
        assertThatThrownBy(() -> Flow.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void aFileThatNobodyWritesByHandIsRefusedUnread() throws Exception {
        Path file = folder.resolve("large");
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(300L << 20);
        }
        assertThatThrownBy(() -> Flow.read(file))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("256 MiB");
    }

    @Test
    @Timeout(20)
    void fiftyMegabytesAreReadInSeconds() throws Exception {
        StringBuilder text = new StringBuilder("{\"name\": \"w\", \"permanent\": [\"a\"");
        while (text.length() < 50_000_000) {
            text.append(", \"results/of/step/").append(text.length()).append(".dat\"");
        }
        byte[] bytes = text.append("], \"IO_Graph\": []}").toString().getBytes(StandardCharsets.UTF_8);
        assertThat(Reading.of("flow", bytes, Mode.STRICT).orThrow().permanent()).hasSizeGreaterThan(1_000_000);
    }

    @Test
    void aMillionBracketsInAPathDoNotHoldUp() {
        Flow flow = Flow.builder("w")
                .permanent("[".repeat(1_000_000), "[[.a".repeat(200_000))
                .build();
        assertThat(Contracts.of(flow).file("a").isPermanent()).isFalse();
    }

    @Test
    void whateverTheBytesThereIsAnAnswer() {
        fuzz(1, Duration.ofSeconds(3));
    }

    @Tag("abuse")
    @Test
    @Timeout(300)
    void whateverTheBytesThereIsAnAnswerForMinutes() {
        fuzz(System.nanoTime(), Duration.ofMinutes(3));
    }

    /** Reads and checks files that are a little wrong. */
    private static void fuzz(long seed, Duration time) {
        Random random = new Random(seed);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        byte[][] words = new byte[][] {
            "\"name\"".getBytes(StandardCharsets.UTF_8),
            "null".getBytes(StandardCharsets.UTF_8),
            "{\"name\":[]}".getBytes(StandardCharsets.UTF_8),
            "\\u0000".getBytes(StandardCharsets.UTF_8),
            "\\ud800".getBytes(StandardCharsets.UTF_8),
            "[".repeat(30).getBytes(StandardCharsets.UTF_8),
            "-9e99".getBytes(StandardCharsets.UTF_8),
            "\"*[!]\"".getBytes(StandardCharsets.UTF_8),
            "../".getBytes(StandardCharsets.UTF_8)
        };
        long end = System.nanoTime() + time.toNanos();
        int flows = 0;
        for (int i = 0; System.nanoTime() < end; i++) {
            byte[] bytes = mutated(good, words, random);
            try {
                flows += read(bytes) ? 1 : 0;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(
                        "seed " + seed + ", try " + i + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
            }
        }
        assertThat(flows).isPositive();
    }

    private static byte[] mutated(byte[] good, byte[][] words, Random random) {
        byte[] bytes = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "{}[]\",:0 *".charAt(random.nextInt(10));
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, from));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
                default -> {
                    byte[] word = words[random.nextInt(words.length)];
                    System.arraycopy(word, 0, bytes, at, Math.min(word.length, bytes.length - at));
                }
            }
        }
        return bytes;
    }

    private static boolean read(byte[] bytes) {
        boolean isFlow = false;
        for (Mode mode : Mode.values()) {
            Reading reading = Reading.of("flow", bytes, mode);
            List<Problem> problems = reading.check(Path.of("/data"), path -> path.length() == 1);
            assertThat(problems)
                    .allMatch(problem -> problem.line() >= 0
                            && problem.column() >= 0
                            && !problem.message().isBlank()
                            && reading.line(problem.path()) >= 0);
            assertThat(reading.flow().isPresent())
                    .isEqualTo(reading.problems().stream().noneMatch(Problem::isError));
            reading.flow().ifPresent(flow -> {
                Contracts contracts = Contracts.of(flow, Path.of("/data"));
                contracts.steps().forEach(step -> contracts.file("x").explain(step));
            });
            isFlow |= reading.flow().isPresent();
        }
        return isFlow;
    }
}
