package io.dray.bench.mesh;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * One child process: says {@code READY {json}} once on its standard output, then, if it takes commands, answers each
 * line of input with one line. Ends when its input closes; ended by its id, never by name. Thread-safe.
 */
public final class Child implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String READY = "READY ";
    private static final String END = "\0";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final Path log;
    private final BufferedWriter input;
    private final BlockingQueue<String> output = new LinkedBlockingQueue<>();

    private Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().name(name + "-output").start(this::readOutput);
    }

    /**
     * Starts any program that ends when its input closes.
     *
     * @param name what to call it in messages
     * @param command program and arguments
     * @param environment added to this process's
     * @param log where its standard error goes
     * @return the running child
     * @throws IOException when it cannot be started
     */
    public static Child start(String name, List<String> command, Map<String, String> environment, Path log)
            throws IOException {
        Children.waitWhenEnding();
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        Children.add(process);
        return new Child(name, process, log);
    }

    /**
     * Waits for the line that says what the child serves.
     *
     * @param patience how long at most
     * @return the JSON after the word READY
     */
    public JsonNode ready(Duration patience) {
        String line = nextLine("READY", patience);
        if (!line.startsWith(READY)) {
            throw failure("said '" + line + "' (expected: READY {json})");
        }
        return JSON.readTree(line.substring(READY.length()));
    }

    /**
     * Sends one command and waits for its answer.
     *
     * @param command one line
     * @param patience how long at most
     * @return the answer
     */
    public JsonNode ask(String command, Duration patience) {
        tell(command);
        return JSON.readTree(nextLine(command, patience));
    }

    /**
     * Sends one command without waiting.
     *
     * @param command one line
     */
    public void tell(String command) {
        try {
            input.write(command);
            input.newLine();
            input.flush();
        } catch (IOException e) {
            throw failure("cannot be told '" + command + "': " + e.getMessage());
        }
    }

    /**
     * Waits until it ends by itself.
     *
     * @param patience how long at most
     * @return its exit code
     */
    public int exitCode(Duration patience) {
        if (!await(patience)) {
            throw failure("did not end within " + patience);
        }
        return process.exitValue();
    }

    /** Kills it by its id, as {@code kill -9} does, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        await(PATIENCE);
    }

    /**
     * Sends it {@code kill -STOP} or {@code -CONT}.
     *
     * @param signal STOP or CONT
     */
    public void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes its input, which ends it; kills it when it is slow. */
    @Override
    public void close() {
        try {
            input.close();
        } catch (IOException _) {
            // Already gone.
        }
        if (!await(PATIENCE)) {
            kill();
        }
    }

    /**
     * Returns its process id.
     *
     * @return the id
     */
    public long pid() {
        return process.pid();
    }

    /**
     * Tells whether it runs.
     *
     * @return false once it has ended
     */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Returns its name.
     *
     * @return as given at the start
     */
    public String name() {
        return name;
    }

    private boolean await(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String nextLine(String what, Duration patience) {
        try {
            String line = output.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw failure("did not answer '" + what + "' within " + patience);
            }
            if (line.equals(END)) {
                output.add(END);
                throw failure("ended before it answered '" + what + "'");
            }
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("was waited for by an interrupted thread");
        }
    }

    private void readOutput() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                // Anything else on standard output is some library's chatter.
                if (line.startsWith("{") || line.startsWith(READY)) {
                    output.add(line);
                }
            }
        } catch (IOException _) {
            // Killed while it was read.
        }
        output.add(END);
    }

    private IllegalStateException failure(String what) {
        Children.waitWhenEnding();
        return new IllegalStateException(
                name + " (pid " + pid() + ") " + what + "; its log " + log + " ends:\n" + tail());
    }

    private String tail() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "(unreadable: " + e.getMessage() + ")";
        }
    }
}
