package io.dray.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which colour of the style sheet each system has on the whole page, and which dashes each path and transport: the
 * first system has the first colour.
 */
final class Palette {
    private static final int COLOURS = 10;
    private static final int DASHES = 4;

    private final Map<String, Integer> systems = new LinkedHashMap<>();
    private final Map<String, Integer> ways = new LinkedHashMap<>();

    Palette(List<Row> rows) {
        for (Row row : rows) {
            systems.putIfAbsent(row.contender().system(), systems.size());
            ways.putIfAbsent(way(row.contender()), ways.size());
        }
    }

    /** The class of a bar or of a legend's mark. */
    String fill(Contender contender) {
        return "f" + systems.getOrDefault(contender.system(), 0) % COLOURS;
    }

    /** The classes of a curve. */
    String stroke(Contender contender) {
        return "s" + systems.getOrDefault(contender.system(), 0) % COLOURS + " d" + dash(contender);
    }

    private int dash(Contender contender) {
        return ways.getOrDefault(way(contender), 0) % DASHES;
    }

    private static String way(Contender contender) {
        return contender.path() + " " + contender.transport();
    }
}
