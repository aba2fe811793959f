package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    /** Reads lines "pattern TAB path" and answers 1 or 0 for each; 2 is FNM_NOESCAPE. */
    private static final String ORACLE = """
        import ctypes, sys
        fnmatch = ctypes.CDLL(None).fnmatch
        for line in sys.stdin.buffer.read().split(b"\\n")[:-1]:
            pattern, path = line.split(b"\\t")
            print("1" if fnmatch(pattern, path, 2) == 0 else "0")
        """;

    private static final String[] PARTS = {
        "*",
        "**",
        "?",
        "a",
        "b",
        "/",
        ".",
        "-",
        "!",
        "^",
        "[",
        "]",
        "\\",
        "{a,b}",
        ":",
        "=",
        "0",
        "Z",
        " ",
        "[a]",
        "[!a]",
        "[^a]",
        "[a-c]",
        "[c-a]",
        "[]a]",
        "[!]a]",
        "[a-]",
        "[-a]",
        "[]-a]",
        "[a-c-e]",
        "[[]",
        "[/]",
        "[\\]",
        "[[:alpha:]]",
        "[![:digit:]]",
        "[[:upper:][:space:]]",
        "[[:punct:]x]",
        "[[:nope:]]",
        "[[:alpha:]-z]",
        "[[:alpha]",
        "[[.a.]]",
        "[[=b=]]",
        "[[.-.]]",
        "[[.hyphen.]]",
        "[a-[.c.]]",
        "[[.a.]-c]",
        "[[.]",
        "[[=a]",
        "[[:xdigit:]]",
        "[[:blank:]]",
        "[[:cntrl:]]",
        "[[:graph:]]",
        "[[:print:]]",
        "[[:alnum:]]",
        "[[:lower:]]"
    };

    @TempDir
    Path folder;

    private record Asked(String pattern, String path) {}

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
        *, "", true
        **, a/b, true
        /a/*, /a/b/c, true
        a?c, a/c, true
        a*, .a, false
        *a, .a, true
        [^b], a, true
        [!b], b, false
        [[:digit:]], 7, true
        [, [, true
        a[b, a[b, true
        "{a,b}", a, false
        "{a,b}", "{a,b}", true
        a\\*, a\\x, true
        a\\*, a*, false
        """)
    void matchesAsTheLanguageDoes(String pattern, String path, boolean matches) {
        assertThat(Glob.of(pattern).matches(path)).isEqualTo(matches);
    }

    @Test
    void aQuestionMarkIsOneCharacterAlsoBeyondTheFirstPlane() {
        assertThat(Glob.of("a?b").matches("a\uD83D\uDE00b")).isTrue();
        assertThat(Glob.of("a??b").matches("a\uD83D\uDE00b")).isFalse();
        assertThat(Glob.of("[\uD83D\uDE00-\uD83D\uDE0F]").matches("\uD83D\uDE01"))
                .isTrue();
    }

    @Test
    void matchesInReasonableTimeWhateverThePattern() {
        String path = "a".repeat(3000);
        assertThat(Glob.of("*a".repeat(300) + "b").matches(path)).isFalse();
    }

    /** The patterns' meaning is that of the C library; nobody describes it better than it does itself. */
    @Test
    void matchesWhatTheLibraryOfLinuxMatches() throws Exception {
        assumeTrue(hasPython(), "python3 is not installed, so fnmatch(3) cannot be asked");
        List<Asked> asked = new ArrayList<>();
        Random random = new Random(20250101);
        for (int i = 0; i < 40_000; i++) {
            String pattern = pattern(random);
            asked.add(new Asked(pattern, path(random, pattern)));
        }

        List<String> answers = ask(asked);

        List<Asked> different = new ArrayList<>();
        int matches = 0;
        for (int i = 0; i < asked.size(); i++) {
            boolean theirs = answers.get(i).equals("1");
            matches += theirs ? 1 : 0;
            if (Glob.of(asked.get(i).pattern).matches(asked.get(i).path) != theirs) {
                different.add(asked.get(i));
            }
        }
        assertThat(different).isEmpty();
        assertThat(matches).as("pairs that match").isGreaterThan(2_000);
    }

    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(5); i >= 0; i--) {
            pattern.append(PARTS[random.nextInt(PARTS.length)]);
        }
        if (random.nextInt(4) == 0) {
            // Brackets in all states of decay.
            pattern.setLength(0);
            pattern.append("[");
            for (int i = random.nextInt(8); i >= 0; i--) {
                pattern.append("abc-]![^:.=/*?\\".charAt(random.nextInt(15)));
            }
            pattern.append(random.nextBoolean() ? "]" : "");
        }
        return pattern.toString();
    }

    /** Something like the pattern, or else it would never match. */
    private static String path(Random random, String pattern) {
        StringBuilder path = new StringBuilder();
        String letters = "abcxZ0/.-!^[]\\ :={},*?~";
        for (int i = 0; i < pattern.length(); i++) {
            int choice = random.nextInt(4);
            char c = pattern.charAt(i);
            if (choice == 0 || (choice < 3 && "*?[]!".indexOf(c) < 0)) {
                path.append(c);
            } else if (choice == 1) {
                path.append(letters.charAt(random.nextInt(letters.length())));
            }
        }
        return random.nextInt(3) == 0 && !path.isEmpty() ? path.substring(0, 1) : path.toString();
    }

    private static boolean hasPython() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("python3", "-c", "import ctypes").start();
            return process.waitFor() == 0;
        } catch (IOException _) {
            return false;
        }
    }

    private List<String> ask(List<Asked> asked) throws IOException, InterruptedException {
        Path questions = folder.resolve("questions");
        try (Writer out = Files.newBufferedWriter(questions, StandardCharsets.US_ASCII)) {
            for (Asked one : asked) {
                out.write(one.pattern + "\t" + one.path + "\n");
            }
        }
        ProcessBuilder builder = new ProcessBuilder("python3", "-c", ORACLE);
        builder.environment().put("LC_ALL", "C");
        builder.redirectInput(questions.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        try (BufferedReader in = process.inputReader(StandardCharsets.US_ASCII)) {
            List<String> answers = in.readAllLines();
            assertThat(process.waitFor()).isZero();
            return answers;
        }
    }
}
