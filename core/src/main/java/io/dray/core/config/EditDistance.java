package io.dray.core.config;

/** How far one word is from another, for words that were mistyped. Stateless. */
public final class EditDistance {
    private EditDistance() {}

    /** Edits (insert, remove, replace, swap neighbours) from one word to the other; none is made twice at one place. */
    public static int of(String from, String to) {
        int[][] table = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                table[i][j] = i == 0 || j == 0 ? i + j : fewest(table, i, j, from, to);
            }
        }
        return table[from.length()][to.length()];
    }

    private static int fewest(int[][] table, int i, int j, String from, String to) {
        int replaced = table[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int fewest = Math.min(replaced, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
        boolean isSwapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return isSwapped ? Math.min(fewest, 1 + table[i - 2][j - 2]) : fewest;
    }
}
