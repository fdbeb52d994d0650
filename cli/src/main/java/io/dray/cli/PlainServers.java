package io.dray.cli;

import io.dray.cli.output.Console;
import io.dray.core.config.StartOptions;
import io.dray.core.telemetry.Logging;
import io.dray.router.RouterMain;
import io.dray.sidecar.SidecarMain;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntBiFunction;

/**
 * Runs servers whose words are plain without describing the command first: that alone took a third of a sidecar's start,
 * since picocli's classes are of a form that no AOT cache holds. Runs on the main thread.
 */
final class PlainServers {
    private PlainServers() {}

    /** Runs until it is told to stop and returns its exit code; empty when the words are for picocli, as help is. */
    static OptionalInt run(String[] args) {
        return server(args).map(server -> OptionalInt.of(run(server, args))).orElseGet(OptionalInt::empty);
    }

    private static int run(ToIntBiFunction<String[], PrintStream> server, String[] args) {
        Logging.setUp();
        Console console = Console.ofServer();
        try {
            int code = server.applyAsInt(words(args), console.out());
            if (code == 0) {
                console.checkWritten();
            }
            return code;
        } catch (RuntimeException failure) {
            return Dray.explain(failure, console, false);
        }
    }

    /** Returns the server that these words start; empty when they are not plainly words of one. */
    static Optional<ToIntBiFunction<String[], PrintStream>> server(String[] args) {
        if (args.length == 0 || !arePlain(words(args))) {
            return Optional.empty();
        }
        return switch (args[0]) {
            case "router" -> Optional.of(RouterMain::run);
            case "sidecar" -> Optional.of(SidecarMain::run);
            default -> Optional.empty();
        };
    }

    private static String[] words(String[] args) {
        return Arrays.copyOfRange(args, 1, args.length);
    }

    private static boolean arePlain(String[] words) {
        // To picocli such a word is a file of words.
        if (Arrays.stream(words).anyMatch(word -> word.startsWith("@"))) {
            return false;
        }
        try {
            var _ = StartOptions.parse(words);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
