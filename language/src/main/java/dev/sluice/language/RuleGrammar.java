package dev.sluice.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes a rule of one item of {@code streaming}. One thread at a time. */
final class RuleGrammar {
    private static final Set<String> KEYS = Set.of("name", "dirname", "committed", "mode", "file_deps", "n_files");
    private static final Pattern ON_CLOSE = Pattern.compile("on_close:([0-9]+)");
    private static final Pattern ON_FILE = Pattern.compile("on_file:(.+)", Pattern.DOTALL);
    private static final Pattern ON_N_FILES = Pattern.compile("(?:on_)?n_files:([0-9]+)");

    private final Shapes shapes;
    private final Problems problems;
    private final Json value;
    private final At at;
    private final Map<String, Json.Member> members;
    private Rule.Kind kind;

    RuleGrammar(Shapes shapes, Problems problems, Json value, At at) {
        this.shapes = shapes;
        this.problems = problems;
        this.value = value;
        this.at = at;
        members = shapes.members(value, at, "a rule", KEYS, Map.of("files_deps", "file_deps"));
        kind = members.containsKey("dirname") && !members.containsKey("name") ? Rule.Kind.DIRECTORY : Rule.Kind.FILE;
    }

    /** The rule; with errors, what could be made of it. */
    Rule rule() {
        boolean files = members.containsKey("name");
        boolean directories = members.containsKey("dirname");
        if (value instanceof Json.Obj && !files && !directories) {
            problems.error(
                    "rule-without-paths",
                    at,
                    value,
                    "a rule names no paths",
                    "write \"name\": [files] or \"dirname\": [directories]");
        } else if (files && directories) {
            problems.error(
                    "name-and-dirname",
                    at,
                    value,
                    "a rule has both \"name\" and \"dirname\"",
                    "make two rules of it, one for files and one for directories");
        }
        List<String> paths = new ArrayList<>(shapes.texts(members, at, "name", "write [\"path\", ...]"));
        paths.addAll(shapes.texts(members, at, "dirname", "write [\"path\", ...]"));
        List<String> deps = shapes.texts(members, at, "file_deps", "write [\"path\", ...]");
        long count = count();
        CommitRule commit = commit(deps, count);
        unused(commit);
        return new Rule(kind, paths, commit, fire());
    }

    private CommitRule commit(List<String> deps, long count) {
        Json.Member member = members.get("committed");
        if (member == null) {
            return CommitRule.onTermination();
        }
        String text = shapes.text(members, at, "committed");
        Matcher closes = ON_CLOSE.matcher(text);
        Matcher file = ON_FILE.matcher(text);
        Matcher number = ON_N_FILES.matcher(text);
        if (text.equals("on_termination") || !(member.value() instanceof Json.Text)) {
            return CommitRule.onTermination();
        } else if (text.equals("on_close")) {
            return CommitRule.onClose();
        } else if (closes.matches()) {
            return onClose(closes.group(1), member);
        } else if (text.equals("on_file")) {
            return onFile(deps, member);
        } else if (file.matches()) {
            List<String> files = new ArrayList<>(List.of(file.group(1)));
            files.addAll(deps);
            tolerateCommit(member, "write \"on_file\" and \"file_deps\": [\"" + file.group(1) + "\"]");
            return new CommitRule.OnFile(files);
        } else if (text.equals("on_n_files")) {
            return onNFiles(count, member);
        } else if (number.matches()) {
            tolerateCommit(member, "write \"on_n_files\" and \"n_files\": " + number.group(1));
            return onNFiles(WholeNumber.of(number.group(1)).orElseThrow(), member);
        }
        Set<String> words = new TreeSet<>(Set.of("on_close", "on_close:1", "on_file", "on_termination", "on_n_files"));
        problems.error(
                "commit-rule",
                at.key("committed"),
                member.value(),
                "there is no commit rule \"" + text + "\"",
                Similar.advice(
                        text,
                        words,
                        "write on_close, on_close:N, on_termination, on_file or, for directories, on_n_files"));
        return CommitRule.onTermination();
    }

    private void tolerateCommit(Json.Member member, String advice) {
        shapes.tolerate(
                "commit-rule",
                at.key("committed"),
                member.value(),
                "the schema does not know \"" + ((Json.Text) member.value()).value() + "\"",
                advice);
    }

    private CommitRule onClose(String digits, Json.Member member) {
        long closes = WholeNumber.of(digits).orElseThrow();
        if (closes > Integer.MAX_VALUE) {
            problems.error(
                    "close-count",
                    at.key("committed"),
                    member.value(),
                    "on_close:N counts up to " + Integer.MAX_VALUE + ", and N is " + digits,
                    "write how many times writers close the file");
        } else if (closes == 0) {
            problems.warning(
                    "close-count",
                    at.key("committed"),
                    member.value(),
                    "on_close:0 commits at the first close, as on_close does",
                    "write \"on_close\", or how many times writers close the file");
        }
        return CommitRule.onClose(Math.clamp(closes, 1, Integer.MAX_VALUE));
    }

    private CommitRule onFile(List<String> deps, Json.Member member) {
        if (!members.containsKey("file_deps")) {
            problems.error(
                    "missing-key",
                    at,
                    member.value(),
                    "a rule with on_file needs \"file_deps\"",
                    "write \"file_deps\": [the files it waits for]");
        } else if (deps.isEmpty()) {
            problems.warning(
                    "empty-deps",
                    at.key("file_deps"),
                    member.value(),
                    "on_file has no files to wait for, so this commits on_termination",
                    "name the files, or write \"on_termination\"");
        }
        return deps.isEmpty() ? CommitRule.onTermination() : new CommitRule.OnFile(deps);
    }

    private CommitRule onNFiles(long count, Json.Member member) {
        if (kind == Rule.Kind.FILE) {
            shapes.tolerate(
                    "commit-rule",
                    at.key("committed"),
                    member.value(),
                    "on_n_files is a rule for directories, and \"name\" names files",
                    "write \"dirname\" instead of \"name\"");
            kind = Rule.Kind.DIRECTORY;
        }
        if (count < 0 && !members.containsKey("n_files")) {
            problems.error(
                    "missing-key",
                    at,
                    member.value(),
                    "a rule with on_n_files needs \"n_files\"",
                    "write \"n_files\": how many files the directory has when it is complete");
        } else if (count < 1 && number("n_files")) {
            Json.Member number = members.get("n_files");
            problems.error(
                    "n-files",
                    at.key("n_files"),
                    number == null ? value : number.value(),
                    "n_files must be at least 1, and is " + count,
                    "write how many files the directory has when it is complete");
        }
        return CommitRule.onNFiles(Math.max(1, count));
    }

    private boolean number(String name) {
        Json.Member member = members.get(name);
        return member == null || member.value() instanceof Json.Num;
    }

    /** The number of files; -1 when there is none. */
    private long count() {
        Json.Member member = members.get("n_files");
        if (member == null) {
            return -1;
        }
        if (!(member.value() instanceof Json.Num number)) {
            problems.error(
                    "wrong-type",
                    at.key("n_files"),
                    member.value(),
                    "\"n_files\" must be a whole number, and is "
                            + member.value().kind(),
                    "write it without quotes: \"n_files\": 10");
            return -1;
        }
        OptionalLong whole = WholeNumber.of(number.text());
        if (whole.isEmpty()) {
            problems.error(
                    "wrong-type",
                    at.key("n_files"),
                    member.value(),
                    "\"n_files\" must be a whole number, and is " + number.text(),
                    "write how many files the directory has when it is complete");
        }
        return whole.orElse(1);
    }

    private FireRule fire() {
        Json.Member member = members.get("mode");
        if (member == null) {
            shapes.tell(
                    "default-mode",
                    at,
                    value,
                    "the documents of CAPIO-CL take a rule without \"mode\" for update, its parser for no_update, which"
                            + " holds here",
                    "write \"mode\": \"no_update\", or \"update\" if the writer changes what it has written");
            return FireRule.NO_UPDATE;
        }
        String text = shapes.text(members, at, "mode");
        for (FireRule rule : FireRule.values()) {
            if (rule.toString().equals(text)) {
                return rule;
            }
        }
        if (member.value() instanceof Json.Text) {
            problems.error(
                    "fire-rule",
                    at.key("mode"),
                    member.value(),
                    "there is no mode \"" + text + "\"",
                    Similar.advice(text, Set.of("update", "no_update"), "write update or no_update"));
        }
        return FireRule.NO_UPDATE;
    }

    /** What is said and has no effect. */
    private void unused(CommitRule commit) {
        if (!(commit instanceof CommitRule.OnFile)) {
            unused("file_deps", "on_file", commit);
        }
        if (!(commit instanceof CommitRule.OnNFiles)) {
            unused("n_files", "on_n_files", commit);
        }
    }

    private void unused(String key, String rule, CommitRule commit) {
        Json.Member member = members.get(key);
        boolean empty = member != null
                && member.value() instanceof Json.Arr array
                && array.items().isEmpty();
        if (member != null && !empty) {
            problems.warning(
                    "no-effect",
                    at.key(key),
                    member.value(),
                    "\"" + key + "\" has no effect on a rule that commits " + commit,
                    "write \"committed\": \"" + rule + "\", or leave it out");
        }
    }
}
