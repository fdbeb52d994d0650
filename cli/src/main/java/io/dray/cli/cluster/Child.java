package io.dray.cli.cluster;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One running child process with its files of output. Thread-safe: all state is the process's own. */
final class Child {
    private static final long FULL_BELOW_BYTES = 4L << 20;
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration DETACHED_WITHIN = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 10;
    private static final int SHOWN_LOG_CHARS = 4_000;

    private final Plan plan;
    private final Process process;

    private Child(Plan plan, Process process) {
        this.plan = plan;
        this.process = process;
    }

    /** What to start: the words go to {@code mainClass}, the files lie in {@code folder}. */
    record Plan(String name, String mainClass, List<String> words, Map<String, String> environment, Path folder) {
        Plan {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }

        Path log() {
            return folder.resolve(name + ".log");
        }

        private Path out() {
            return folder.resolve(name + ".out");
        }

        List<String> line(JavaCommand java) {
            List<String> all = new ArrayList<>();
            all.add(mainClass);
            all.addAll(words);
            return java.line(WithParent.class.getName(), all);
        }
    }

    /** Starts the process; its standard error is added to the log. */
    static Child start(JavaCommand java, Plan plan) {
        ProcessBuilder builder = new ProcessBuilder(plan.line(java))
                .redirectInput(Redirect.PIPE)
                .redirectOutput(plan.out().toFile())
                .redirectError(Redirect.appendTo(plan.log().toFile()));
        builder.environment().putAll(plan.environment());
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        try {
            return new Child(plan, builder.start());
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, "cannot start %s: %s".formatted(plan.name(), e.getMessage()), e);
        }
    }

    /** Waits until the child says that it serves; fails with the end of its log when it ends instead. */
    ReadyLine awaitReady() {
        long until = System.nanoTime() + READY_WITHIN.toNanos();
        while (System.nanoTime() - until < 0) {
            boolean alive = process.isAlive();
            Optional<ReadyLine> ready = readyLine();
            if (ready.isPresent()) {
                return ready.get();
            }
            if (!alive) {
                throw failed("ended with exit code %d before it served".formatted(process.exitValue()));
            }
            pause();
        }
        throw failed("did not serve within %d s".formatted(READY_WITHIN.toSeconds()));
    }

    String name() {
        return plan.name();
    }

    Process process() {
        return process;
    }

    /** Asks the child to stop; it has its own way to do it cleanly. */
    void stop() {
        process.destroy();
    }

    /** Waits for the end, and ends the child by force after {@code patience}. */
    void awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Lets the child live on when this process or its terminal ends; waits a while for it to say that it will.
     *
     * @throws IOException if the child is gone
     */
    void detach() throws IOException {
        process.getOutputStream().write(WithParent.DETACH.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        long until = System.nanoTime() + DETACHED_WITHIN.toNanos();
        while (System.nanoTime() - until < 0 && !hasPrinted(WithParent.DETACHED)) {
            if (!process.isAlive()) {
                throw new IOException("it ended with exit code " + process.exitValue());
            }
            pause();
        }
    }

    /** The last words of the log, in one line, without the lines of a stack trace. */
    String lastWords() {
        try {
            String log = Files.readString(plan.log()).strip();
            if (log.isEmpty()) {
                return whyEmpty();
            }
            String tail = log.substring(Math.max(0, log.length() - SHOWN_LOG_CHARS));
            return tail.lines()
                    .filter(line -> !line.isEmpty() && !Character.isWhitespace(line.charAt(0)))
                    .reduce("its log is empty", (_, line) -> line.replaceFirst("^Caused by: ", ""));
        } catch (IOException _) {
            return "";
        }
    }

    /** A full disk is no place to say that it is full. */
    private String whyEmpty() throws IOException {
        long free = Files.getFileStore(plan.log()).getUsableSpace();
        return free >= FULL_BELOW_BYTES
                ? "its log is empty"
                : "its log is empty, and %s has %,d KB free (expected: room for logs and data)"
                        .formatted(plan.log().getParent(), free / 1_024);
    }

    private CommandException failed(String what) {
        String message = "%s %s: %s (whole log: %s)".formatted(plan.name(), what, lastWords(), plan.log());
        return new CommandException(ExitCode.FAILED, message);
    }

    private boolean hasPrinted(String line) throws IOException {
        return Files.readString(plan.out()).lines().anyMatch(line::equals);
    }

    private Optional<ReadyLine> readyLine() {
        try {
            return Files.readString(plan.out())
                    .lines()
                    .flatMap(line -> ReadyLine.parse(line).stream())
                    .findFirst();
        } catch (IOException _) {
            return Optional.empty(); // not there yet
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.INTERRUPTED, "interrupted while waiting for processes");
        }
    }
}
