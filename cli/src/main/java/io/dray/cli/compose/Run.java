package io.dray.cli.compose;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs of other programs to their ends; they share this process's folder and environment. */
final class Run {
    private Run() {}

    /**
     * What a run ended with.
     *
     * @param output standard output and standard error, as they came
     */
    record Ended(int code, String output) {
        boolean done() {
            return code == 0;
        }
    }

    /** Runs a program and keeps what it prints. */
    static Ended quietly(List<String> words) {
        Process process = start(new ProcessBuilder(words).redirectErrorStream(true));
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(end(process), text.strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program and passes on what it prints, line by line, so that one sees how far it is. */
    static void told(List<String> words, PrintStream lines) {
        Process process = start(new ProcessBuilder(words).redirectErrorStream(true));
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            output.lines().forEach(lines::println);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int code = end(process);
        if (code != 0) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "`%s` ended with %d; its reason stands above".formatted(String.join(" ", words), code));
        }
    }

    /** Runs a program at the terminal of this one; returns its exit code. */
    static int inPlace(List<String> words) {
        return end(start(new ProcessBuilder(words).inheritIO()));
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int end(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            return ExitCode.INTERRUPTED.number();
        }
    }
}
