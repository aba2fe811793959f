package dev.sluice.cli;

/** Writes elements of XML, which HTML understands as well; nothing that is put into it can become markup. One thread at a time. */
final class Markup {
    private final StringBuilder text = new StringBuilder();

    /**
     * Begins an element; it ends with {@link #close}.
     *
     * @param name the element's name
     * @param attributes names and values in turn; numbers are written short
     */
    Markup open(String name, Object... attributes) {
        begin(name, attributes);
        text.append('>');
        return this;
    }

    Markup close(String name) {
        text.append("</").append(name).append('>');
        return this;
    }

    /** An element with nothing inside. */
    Markup empty(String name, Object... attributes) {
        begin(name, attributes);
        text.append("/>");
        return this;
    }

    /** An element with text inside. */
    Markup element(String name, String content, Object... attributes) {
        return open(name, attributes).text(content).close(name);
    }

    Markup text(String content) {
        escape(content);
        return this;
    }

    Markup line() {
        text.append('\n');
        return this;
    }

    /** What is markup already, from this program itself. */
    Markup own(String markup) {
        text.append(markup);
        return this;
    }

    private void begin(String name, Object... attributes) {
        text.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            text.append(' ').append(attributes[i]).append("=\"");
            escape(attributes[i + 1] instanceof Double number ? number(number) : attributes[i + 1].toString());
            text.append('"');
        }
    }

    private void escape(String content) {
        for (int i = 0; i < content.length(); i++) {
            char letter = content.charAt(i);
            switch (letter) {
                case '&' -> text.append("&amp;");
                case '<' -> text.append("&lt;");
                case '>' -> text.append("&gt;");
                case '"' -> text.append("&quot;");
                case '\'' -> text.append("&#39;");
                default -> text.append(letter);
            }
        }
    }

    /** A length with one digit behind the point, if it is not 0: the same on every machine. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        String whole = (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10;
        return tenths % 10 == 0 ? whole : whole + "." + Math.abs(tenths) % 10;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
