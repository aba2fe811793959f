package dev.sluice.cli;

import java.util.concurrent.Callable;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command {@code completion}: prints what makes a shell complete the others. One thread at a time. */
@Command(
        name = "completion",
        description = "Prints a script that makes bash or zsh complete commands, options and files.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "To use it, write this line into ~/.bashrc or, behind compinit, into ~/.zshrc:",
            "  source <(sluice completion)"
        })
final class Completion implements Callable<Integer> {
    /** What picocli writes for each option whose value is a path; where that is a directory, files are no choice. */
    private static final Pattern FILES_OF_DIRECTORY =
            Pattern.compile("('--dir'\\)\n(?:(?!;;).*\n)*?.*compgen )-f( .*\\)) # files");

    /** Where bash tells a word, the one under the cursor or that before; it makes one of the sign in {@code --keep=all}. */
    private static final Pattern WORD =
            Pattern.compile("( +)local (curr|prev)_word=(\\$\\{COMP_WORDS\\[COMP_CWORD(-1)?\\]\\})\n");

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String script = AutoComplete.bash("sluice", spec.root().commandLine());
        script = FILES_OF_DIRECTORY.matcher(script).replaceAll("$1-d$2 # directories");
        spec.commandLine().getOut().print(WORD.matcher(script).replaceAll(Completion::withoutSign));
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static String withoutSign(MatchResult word) {
        boolean isBefore = word.group(2).equals("prev");
        String name = word.group(2) + "_word";
        String otherwise = isBefore ? "${COMP_WORDS[COMP_CWORD-2]}" : "";
        return Matcher.quoteReplacement(word.group() + word.group(1) + "if [ \"${" + name + "}\" = \"=\" ]; then "
                + name + "=" + otherwise + "; fi\n");
    }
}
