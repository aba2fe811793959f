package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a terminal shows when a text is printed on it, as far as we command it: endless, so that nothing is lost at its top. */
final class Paper {
    private static final Pattern CODE = Pattern.compile("\033\\[(\\??)([0-9;]*)([A-Za-z])");

    private final int columns;
    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;
    private boolean wraps = true;

    /** Was something cut because the line was too long? */
    boolean hasCut;

    Paper(int columns) {
        this.columns = columns;
    }

    Paper print(String text) {
        int at = 0;
        Matcher code = CODE.matcher(text);
        while (at < text.length()) {
            char sign = text.charAt(at);
            if (sign == '\033' && code.region(at, text.length()).lookingAt()) {
                command(code.group(1) + code.group(3), code.group(2));
                at = code.end();
                continue;
            }
            at++;
            switch (sign) {
                case '\r' -> column = 0;
                case '\n' -> {
                    row++;
                    column = 0;
                    line();
                }
                default -> put(sign);
            }
        }
        return this;
    }

    private void command(String what, String number) {
        switch (what) {
            case "A" -> row = Math.max(0, row - Integer.parseInt(number));
            case "J" -> {
                line().setLength(Math.min(line().length(), column));
                while (lines.size() > row + 1) {
                    lines.removeLast();
                }
            }
            case "?l" -> wraps = false;
            case "?h" -> wraps = true;
            case "m" -> {}
            default -> throw new AssertionError("an unknown command: " + what + " " + number);
        }
    }

    private StringBuilder line() {
        while (lines.size() <= row) {
            lines.add(new StringBuilder());
        }
        return lines.get(row);
    }

    private void put(char sign) {
        if (column >= columns) {
            if (!wraps) {
                hasCut = true;
                return;
            }
            row++;
            column = 0;
        }
        StringBuilder line = line();
        while (line.length() <= column) {
            line.append(' ');
        }
        line.setCharAt(column++, sign);
    }

    List<String> lines() {
        return lines.stream().map(line -> line.toString().stripTrailing()).toList();
    }

    String text() {
        return String.join("\n", lines()).stripTrailing();
    }
}
