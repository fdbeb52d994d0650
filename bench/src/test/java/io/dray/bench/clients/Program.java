package io.dray.bench.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One run of a program in another language; its output is collected by virtual threads. Ended by its id. */
final class Program implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ATTACHED = "attached as ";

    private final List<String> command;
    private final Process process;
    private final Lines output;
    private final Lines errors;

    private Program(List<String> command, Process process) {
        this.command = command;
        this.process = process;
        this.output = new Lines(process.inputReader(StandardCharsets.UTF_8));
        this.errors = new Lines(process.errorReader(StandardCharsets.UTF_8));
    }

    /** Starts a program in a folder; it ends by itself after five minutes even when nobody is left to end it. */
    static Program start(List<String> words, Path folder, String sidecar) {
        List<String> command = new ArrayList<>(List.of("timeout", "300"));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("DRAY_SIDECAR", sidecar);
        try {
            return new Program(words, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the words that start a Java program on the class path of the test. */
    static List<String> java(String main) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return List.of(java, "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), main);
    }

    /** Waits until the agent has attached so many times, and returns the instance of the last one. */
    String awaitAttached(int times) {
        Await.until(
                () -> this + " to attach " + times + " times",
                PATIENCE,
                () -> attached().size() >= times);
        return attached().getLast();
    }

    /** Waits for the end and returns what was printed; fails when the exit code is another one. */
    String awaitExit(int code) {
        awaitEnd();
        assertThat(process.exitValue()).as(this::toString).isEqualTo(code);
        return output.text();
    }

    /** Waits for the end, whatever its exit code. */
    void awaitEnd() {
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(this::toString)
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        output.awaitEnd();
        errors.awaitEnd();
    }

    /** Returns what it said on standard error so far. */
    String errors() {
        return errors.text();
    }

    /** Asks it to end, as Ctrl-C and {@code kill} do. */
    void interrupt() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroy();
    }

    @Override
    public String toString() {
        return String.join(" ", command) + ", which printed:\n" + output.text() + "\n" + errors.text() + "\n";
    }

    private List<String> attached() {
        return errors.text()
                .lines()
                .filter(line -> line.startsWith(ATTACHED))
                .map(line -> line.substring(ATTACHED.length()))
                .toList();
    }

    /** What one stream has brought so far. Thread-safe. */
    private static final class Lines {
        private final List<String> lines = new ArrayList<>();
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();

        Lines(BufferedReader reader) {
            Thread.ofVirtual().start(() -> read(reader));
        }

        private void read(BufferedReader reader) {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    add(line);
                }
            } catch (IOException _) {
                // Ended while it was read.
            }
            end.complete(true);
        }

        private synchronized void add(String line) {
            lines.add(line);
        }

        synchronized String text() {
            return String.join("\n", lines);
        }

        void awaitEnd() {
            end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }
}
