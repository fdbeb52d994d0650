package io.dray.cli.demo;

/** A name and how much it counts, as the indexer says it in one line. Immutable. */
record Scored(String name, double score) {
    static Scored parse(String line) {
        int tab = line.lastIndexOf('\t');
        return new Scored(line.substring(0, tab), Double.parseDouble(line.substring(tab + 1)));
    }
}
