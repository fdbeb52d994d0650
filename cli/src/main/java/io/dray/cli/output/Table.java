package io.dray.cli.output;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows under headings, each column as wide as its widest cell. Not thread-safe. */
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final Map<Integer, UnaryOperator<String>> paints = new HashMap<>();

    /** A table with these headings. */
    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row with one cell for each heading; control characters are shown as {@code ?}. */
    public Table row(Object... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException("cells: %d (expected: %d)"
                    .formatted(cells.length, rows.getFirst().size()));
        }
        rows.add(java.util.Arrays.stream(cells).map(Table::printable).toList());
        return this;
    }

    /** Shows the first cell of the last row so: by signs around it that take no room, such as colours. */
    public Table painted(UnaryOperator<String> paint) {
        paints.put(rows.size() - 1, paint);
        return this;
    }

    /** Prints it, without blanks at the ends of lines. */
    public void print(PrintStream out) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            String line = IntStream.range(0, row.size())
                    .mapToObj(column -> row.get(column)
                            + " ".repeat(widths[column] - row.get(column).length()))
                    .collect(Collectors.joining(GAP))
                    .stripTrailing();
            String first = row.getFirst();
            UnaryOperator<String> paint = paints.getOrDefault(i, UnaryOperator.identity());
            out.println(paint.apply(first) + line.substring(Math.min(first.length(), line.length())));
        }
    }

    /** What comes from elsewhere must not draw on the reader's terminal. */
    public static String printable(Object cell) {
        return String.valueOf(cell).replaceAll("\\p{Cntrl}", "?");
    }
}
