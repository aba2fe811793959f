package dev.sluice.view;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page on a run: one file that loads nothing. Its script draws all from the run's JSON, which is in it. A policy lets no
 * other script run there.
 */
public final class Report {
    /** What the beginning of each page says, so that one may be replaced by another. */
    public static final String MARK = "made by sluice report";

    private Report() {}

    /**
     * Writes a run as JSON.
     *
     * @param facts the run
     * @return one object
     */
    public static String json(Facts facts) {
        return FactsText.of(facts);
    }

    /**
     * Makes the page.
     *
     * @param json a run, as {@link #json} writes it
     * @return the page, in HTML
     */
    public static String page(String json) {
        return page(json, "");
    }

    /** The page on a run that goes on, which asks for what is new. */
    static String livePage(String json) {
        return page(json, "; connect-src 'self'");
    }

    private static String page(String json, String more) {
        String style = resource("report.css");
        String script = resource("report.js");
        // In a script element only this sign could end it; in JSON it may be written so.
        String facts = json.replace("<", "\\u003c");
        String policy =
                "default-src 'none'; img-src data:; style-src " + hash(style) + "; script-src " + hash(script) + more;
        return "<!DOCTYPE html>\n"
                + "<html lang=\"en\">\n"
                + "<head>\n"
                + "<meta charset=\"utf-8\">\n"
                + "<meta name=\"generator\" content=\""
                + MARK + "\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy
                + "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<link rel=\"icon\" href=\"data:,\">\n<title>Sluice run</title>\n<style>" + style
                + "</style>\n</head>\n<body" + (more.isEmpty() ? "" : " data-live=\"true\"") + ">\n"
                + resource("report.html") + "<script type=\"application/json\" id=\"facts\">" + facts
                + "</script>\n<script>" + script + "</script>\n</body>\n</html>\n";
    }

    private static String resource(String name) {
        try (InputStream in = Report.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("this build has no " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("this build's " + name + " cannot be read", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }
}
