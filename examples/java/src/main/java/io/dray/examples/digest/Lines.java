package io.dray.examples.digest;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Payloads of the digest agents: lines of text with tabs, which people and other languages can read. Stateless. */
final class Lines {
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}|[\u0085\u2028\u2029]");

    private Lines() {}

    static String ofScores(Map<String, Double> scores) {
        return scores.entrySet().stream()
                .map(entry -> line(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    static String ofScored(List<Index.Scored> scored) {
        return scored.stream().map(one -> line(one.name(), one.score()) + "\n").collect(Collectors.joining());
    }

    static Map<String, Double> scores(String text) {
        Map<String, Double> scores = new HashMap<>();
        text.lines().forEach(line -> {
            int tab = line.lastIndexOf('\t');
            scores.put(line.substring(0, tab), Double.valueOf(line.substring(tab + 1)));
        });
        return scores;
    }

    /** A name and a number; control characters, which would end its line or cell, are escaped as in Java. */
    static String line(String name, double score) {
        return String.format(Locale.ROOT, "%s\t%.4f", escape(name), score);
    }

    private static String escape(String name) {
        return CONTROLS.matcher(name)
                .replaceAll(
                        control -> "\\\\u%04x".formatted((int) control.group().charAt(0)));
    }
}
