package io.dray.bench.mesh;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The lines of standard input, read by a thread of its own: when the input closes the process halts, also while it is
 * still busy with the line before.
 */
public final class Commands {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Commands() {}

    /**
     * Begins to read.
     *
     * @return the lines as they come
     */
    public static Commands ofInput() {
        Commands commands = new Commands();
        Thread.ofPlatform().daemon().name("commands").start(commands::read);
        return commands;
    }

    /**
     * Waits for the next line.
     *
     * @return the line
     * @throws InterruptedException when the thread was
     */
    public String next() throws InterruptedException {
        return lines.take();
    }

    private void read() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                lines.add(line);
            }
        } catch (IOException _) {
            // An input that cannot be read is as good as closed.
        }
        Runtime.getRuntime().halt(0);
    }
}
