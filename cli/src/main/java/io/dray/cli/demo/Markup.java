package io.dray.cli.demo;

import java.util.regex.Pattern;

/** Makes any text safe within a page. Stateless. */
final class Markup {
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\u2028\u2029]");

    private Markup() {}

    /** As text of an element or value of an attribute. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** The same for a name; what has no shape, and what turns text round, is spelt. */
    static String name(String name) {
        return escape(visible(name));
    }

    /** A name whose unseen characters are spelt as in Java. */
    static String visible(String name) {
        return UNSEEN.matcher(name).replaceAll(unseen -> switch (unseen.group().charAt(0)) {
            case '\n' -> "\\\\n";
            case '\t' -> "\\\\t";
            default -> "\\\\u%04x".formatted((int) unseen.group().charAt(0));
        });
    }

    /** JSON as the text of a script element, which the first {@code </} would end. */
    static String json(String json) {
        return json.replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }
}
