package dev.sluice.language;

import java.util.List;
import java.util.Optional;

/** A JSON value that knows where it stands. */
sealed interface Json {
    /** The line it begins in, from 1. */
    int line();

    /** The column it begins at, from 1. */
    int column();

    /** What it is, for messages. */
    default String kind() {
        return switch (this) {
            case Obj _ -> "an object";
            case Arr _ -> "an array";
            case Text _ -> "a string";
            case Num _ -> "a number";
            case Word word -> word.text();
        };
    }

    record Obj(int line, int column, List<Member> members) implements Json {
        /** The value with a name: the first one, as the parser for CAPIO-CL takes it. */
        Optional<Json> member(String name) {
            return members.stream()
                    .filter(member -> member.name().equals(name))
                    .map(Member::value)
                    .findFirst();
        }
    }

    record Member(String name, int line, int column, Json value) {}

    record Arr(int line, int column, List<Json> items) implements Json {}

    record Text(int line, int column, String value) implements Json {}

    record Num(int line, int column, String text) implements Json {}

    /** {@code true}, {@code false} or {@code null}. */
    record Word(int line, int column, String text) implements Json {}
}
