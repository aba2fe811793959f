package dev.sluice.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of a text that is no JSON, and to which place it points. */
class SyntaxTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        {"name": "w", "IO_Graph": [        | 1:27 the `[` of 1:27 is never closed; write ] where it ends
        {"name": "w", "IO_Graph": [] // }  | 1:1 the `{` of 1:1 is never closed; write } where it ends
        {"a": [1, {"b": 2]}                | 1:18 the `{` of 1:11 is closed by `]`; write }
        {"a": [1, 2}                       | 1:12 the `[` of 1:7 is closed by `}`; write ]
        {"a": ["b", "c": []}               | 1:16 the `[` of 1:7 is not closed before this key; write ] before the key
        ]                                  | 1:1 this `]` closes nothing; remove it, or open it before
        {"name": "w                        | 1:10 the `"` of 1:10 is never closed; write " where it ends
        {"name                             | 1:2 the `"` of 1:2 is never closed; write " where it ends
        {"a": "b\\"}                       | 1:7 the `"` of 1:7 is never closed; write " where it ends
        {"a": "b\\q"}                      | 1:10 a backslash in a string means nothing before this; write \\\\ for a backslash
        {"a": "\\u12"}                     | 1:12 \\u in a string needs four hexadecimal digits; write it like \\u00e9
        /* {                               | 1:1 the `/*` of 1:1 is never closed; write */ where it ends
        {"a": 1,}                          | 1:9 nothing stands between the comma and this `}`; remove the comma
        {"a": [1, ]}                       | 1:11 nothing stands between the comma and this `]`; remove the comma
        {"a": [,1]}                        | 1:8 nothing stands before this comma; remove the comma
        {"a": 1 "b": 2}                    | 1:9 a comma is missing before this; write a comma
        {"a"}                              | 1:5 a key has no value; write a colon and a value behind the key
        {"a" 1}                            | 1:6 a key has no value; write a colon and a value behind the key
        {"a": }                            | 1:7 a key has no value; write one behind the colon
        {a: 1}                             | 1:2 a key has no quotes; write "key": value
        {'a': 1}                           | 1:2 a key has no quotes; write "key": value
        {"a": b}                           | 1:7 no value begins like this; strings stand in "quotes"; other words are true, false and null
        {"a": 01}                          | 1:8 this is no number; write it like 12 or 1.5
        {"a": 1.}                          | 1:8 this is no number; write it like 12 or 1.5
        {"a": -}                           | 1:8 this is no number; write it like 12 or 1.5
        {"/* \\" [": "// {", "b": [         | 1:26 the `[` of 1:26 is never closed; write ] where it ends
        """)
    void saysWhatIsWrongAndWhere(String text, String expected) {
        assertThat(said(text)).isEqualTo(expected);
    }

    @Test
    void breaksOfLinesCountInEveryKind() {
        assertThat(said("{\n \"a\": \"b\n}")).startsWith("2:7 the `\"` of 2:7 is not closed in its line");
        assertThat(said("{\r\n\r\n  \"a\": [")).startsWith("3:8 the `[` of 3:8 is never closed");
        assertThat(said("{ // [\r\"a\": [")).startsWith("2:6 the `[` of 2:6 is never closed");
        assertThat(said("{\"a\": \"b\tc\"}"))
                .isEqualTo("1:9 a string has a control character in it; write it as \\u0009");
    }

    @Test
    void whatFollowsAFlowIsTold() {
        for (String more : new String[] {"x", "}", "{}", "[", "\"", "/"}) {
            assertThat(problem("{} " + more).message()).as(more).isEqualTo("something follows the end of the flow");
        }
        assertThat(said("{} /* c")).startsWith("1:4 the `/*` of 1:4 is never closed");
    }

    @Test
    void nothingOfTheParsersOwnTalkIsSeen() {
        for (int depth : new int[] {1, 1023, 1024, 5000}) {
            for (String bracket : new String[] {"[", "{\"a\":"}) {
                assertThat(problem(bracket.repeat(depth)).message())
                        .doesNotContain("Source", "REDACTED", "Object", "Array");
            }
        }
        assertThat(problem("[".repeat(2000)))
                .extracting(Problem::message, Problem::advice)
                .containsExactly(
                        "brackets are open 1024 deep here, which no flow needs",
                        "look for brackets that are not closed");
    }

    private static String said(String text) {
        Problem problem = problem(text);
        assertThat(problem.message()).startsWith("this is no JSON: ");
        return problem.line() + ":" + problem.column() + " " + problem.message().substring("this is no JSON: ".length())
                + "; " + problem.advice();
    }

    private static Problem problem(String text) {
        Reading reading = Reading.of("flow.json", text, Reading.Mode.STRICT);
        assertThat(reading.problems()).hasSize(1);
        return reading.problems().getFirst();
    }
}
