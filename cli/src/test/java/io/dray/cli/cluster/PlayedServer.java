package io.dray.cli.cluster;

import java.util.List;

/** The main class of a child in tests: says READY and waits to be told to stop, or fails at once. */
public final class PlayedServer {
    private PlayedServer() {}

    /**
     * Plays a server.
     *
     * @param words {@code fail} to end before it serves
     * @throws InterruptedException if its main thread is interrupted
     */
    public static void main(String[] words) throws InterruptedException {
        if (List.of(words).contains("fail")) {
            throw new IllegalStateException("port 7400 is taken");
        }
        System.out.println("READY {\"role\":\"played\"}");
        Thread.currentThread().join();
    }
}
