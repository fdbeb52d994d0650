package io.dray.bench.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Rows of words in columns that are as wide as their widest word. Used by one thread. */
public final class TextTable {
    private final List<List<String>> rows = new ArrayList<>();
    private final int textColumns;

    /**
     * Creates an empty table.
     *
     * @param textColumns how many columns at the left hold words; the others hold numbers, set to the right
     */
    public TextTable(int textColumns) {
        this.textColumns = textColumns;
    }

    /**
     * Adds a row below.
     *
     * @param cells as many as others have, or fewer
     */
    public void add(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    /**
     * Prints all rows.
     *
     * @param out where to
     */
    public void print(PrintStream out) {
        int[] widths = widths();
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private int[] widths() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            boolean last = i == widths.length - 1;
            line.append(i < textColumns || last ? row.get(i) + padding : padding + row.get(i))
                    .append("  ");
        }
        return line.toString().stripTrailing();
    }
}
