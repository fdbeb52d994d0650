package io.dray.cli;

/** The {@code dray} command: prints its version until its verbs are here. */
public final class Dray {
    private Dray() {}

    /**
     * Runs one command.
     *
     * @param args the words after {@code dray}
     */
    public static void main(String[] args) {
        System.out.println("dray 0.1.0");
    }
}
