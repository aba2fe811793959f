package dev.sluice.language;

/** When readers of a file may start: its fire rule, which a flow file calls {@code mode}. */
public enum FireRule {
    /** At the commit: what is written may still change, so readers wait until it does not. */
    UPDATE("update"),

    /** As bytes come: what is written once stays as it is, so readers get it at once. */
    NO_UPDATE("no_update");

    private final String word;

    FireRule(String word) {
        this.word = word;
    }

    /** The word for it in a flow file. */
    @Override
    public String toString() {
        return word;
    }
}
