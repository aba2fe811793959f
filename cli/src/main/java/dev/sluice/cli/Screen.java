package dev.sluice.cli;

import java.io.PrintWriter;

/**
 * Where a command shows what it does: a terminal, with colours and a line that changes; or anything else, where it is
 * plain. Safe for use by many threads.
 */
final class Screen {
    /** How a text looks on a terminal. */
    enum Style {
        PLAIN("0"),
        BOLD("1"),
        FAINT("2"),
        GOOD("32"),
        WRONG("1;31"),
        DOUBTFUL("1;33"),
        BAR("36");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    private final PrintWriter out;
    private final Ability ability;
    private boolean unfinished;

    Screen(PrintWriter out, Ability ability) {
        this.out = out;
        this.ability = ability;
    }

    /** A screen with what this process's standard output can show. */
    static Screen of(PrintWriter out) {
        return new Screen(out, Ability.ofStandardOutput());
    }

    Ability ability() {
        return ability;
    }

    String styled(Style style, String text) {
        return ability.colours() ? "\033[" + style.code + "m" + text + "\033[0m" : text;
    }

    void heading(String text) {
        print("");
        Wrap.lines(text, ability.width(), 0, 0).forEach(line -> print(styled(Style.BOLD, line)));
    }

    void text(String text) {
        Wrap.lines(text, ability.width(), 2, 2).forEach(this::print);
    }

    /** A name, and what is said about it beside. */
    void entry(String name, String text) {
        Wrap.lines(name + text, ability.width(), 2, 2 + name.length()).forEach(this::print);
    }

    void verified(String text) {
        String mark = ability.blocks() ? "✓ " : "ok: ";
        for (String line : Wrap.lines(mark + text, ability.width(), 2, 2 + mark.length())) {
            print(line.replace(mark, styled(Style.GOOD, mark)));
        }
    }

    void faint(String text) {
        Wrap.lines(text, ability.width(), 2, 2).forEach(line -> print(styled(Style.FAINT, line)));
    }

    /** A finished line, which is not wrapped. */
    synchronized void print(String line) {
        finishLine();
        out.println(line);
        out.flush();
    }

    /** On a terminal, shows a line, which must fit, in the place of the one shown in this way before. */
    synchronized void live(String line) {
        if (ability.live()) {
            out.print("\r\033[K" + line);
            out.flush();
            unfinished = true;
        }
    }

    /** Takes the changing line away. */
    synchronized void endLive() {
        if (unfinished) {
            out.print("\r\033[K");
            out.flush();
            unfinished = false;
        }
    }

    private void finishLine() {
        if (unfinished) {
            out.println();
            unfinished = false;
        }
    }
}
