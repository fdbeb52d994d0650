package io.dray.cli;

import com.google.protobuf.ByteString;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.core.wire.WireLimits;
import io.dray.types.v1.Priority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The message that a command sends: its bytes and what describes them. */
final class PayloadOptions {
    /** What remains of the largest envelope when its header is empty. */
    private static final int MAX_BYTES = WireLimits.DEFAULT.maxEnvelopeBytes();

    /** Describes the parameter that the command itself has: a mixin's parameters have to begin at 0. */
    static final String TEXT = "Text, or - for standard input.";

    @Option(names = "--file", paramLabel = "FILE", description = "Send the bytes of a file instead of PAYLOAD.")
    private String file = "";

    @Option(names = "--type", paramLabel = "NAME", description = "Name of the payload's type.")
    private String type = "";

    @Option(
            names = "--content-type",
            paramLabel = "TYPE",
            description = "Media type of the payload (default: ${DEFAULT-VALUE}).")
    private String contentType = "text/plain";

    @Option(names = "--priority", paramLabel = "LANE", description = "critical, high, normal or low.")
    private Lane priority = Lane.NORMAL;

    @Option(names = "--header", paramLabel = "KEY=VALUE", description = "A header; may be repeated.")
    private Map<String, String> headers = Map.of();

    /** Lanes as the shell names them. */
    private enum Lane {
        CRITICAL(Priority.PRIORITY_CRITICAL),
        HIGH(Priority.PRIORITY_HIGH),
        NORMAL(Priority.PRIORITY_NORMAL),
        LOW(Priority.PRIORITY_LOW);

        private final Priority priority;

        Lane(Priority priority) {
            this.priority = priority;
        }
    }

    /** The bytes of {@code --file}, of standard input when the text is -, else of the text. */
    ByteString bytes(String text, Console console) {
        if (!file.isEmpty() && !text.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "both PAYLOAD and --file are given; leave one out");
        }
        if (!file.isEmpty()) {
            return bytesOf(file);
        }
        try {
            return text.equals("-") ? bytesOf(console.in(), "standard input") : ByteString.copyFromUtf8(text);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot read the payload: " + e, e);
        }
    }

    private static ByteString bytesOf(String file) {
        try {
            Path path = Path.of(file);
            long size = Files.size(path);
            if (size > MAX_BYTES) {
                throw tooLarge("%s: %,d bytes".formatted(file, size));
            }
            // What says nothing of its size, such as a pipe, may hold more.
            try (InputStream in = Files.newInputStream(path)) {
                return bytesOf(in, file);
            }
        } catch (IOException | InvalidPathException e) {
            String reason = e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
            throw new CommandException(ExitCode.USAGE, "--file: cannot read " + file + ": " + reason, e);
        }
    }

    private static ByteString bytesOf(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw tooLarge("%s: more than %,d bytes".formatted(name, MAX_BYTES));
        }
        return ByteString.copyFrom(bytes);
    }

    /** As the mesh would say it, but before anything is read into memory or sent. */
    private static CommandException tooLarge(String what) {
        String line =
                "TOO_LARGE: %s do not fit into one message (expected: at most %,d bytes)".formatted(what, MAX_BYTES);
        return new CommandException(ExitCode.REFUSED, line);
    }

    String type() {
        return type;
    }

    String contentType() {
        return contentType;
    }

    Priority priority() {
        return priority.priority;
    }

    Map<String, String> headers() {
        return headers;
    }
}
