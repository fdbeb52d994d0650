package io.dray.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dray.agent.Message;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.core.wire.WireLimits;
import io.dray.types.v1.Address;
import io.dray.types.v1.Priority;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** The message that a command sends: its bytes and what describes them. */
final class PayloadOptions {
    /** What remains of the largest envelope beside the largest header: more takes an attachment. */
    private static final int CALL_BYTES = WireLimits.DEFAULT.maxEnvelopeBytes() - WireLimits.DEFAULT.maxHeaderBytes();

    /** Describes the parameter that the command itself has: a mixin's parameters have to begin at 0. */
    static final String TEXT = "Text, or - for standard input.";

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

        /** As completion offers it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The bytes of {@code --file}, of standard input when the text is -, else of the text.
     *
     * @param named what {@code --file} names
     */
    static ByteString bytes(String text, Console console, FileOption named) {
        String file = named.file();
        if (!file.isEmpty() && !text.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "both PAYLOAD and --file are given; leave one out");
        }
        if (!file.isEmpty()) {
            return bytesOf(file, named.takesLarge());
        }
        try {
            return text.equals("-") ? bytesOf(console.in(), "standard input") : ByteString.copyFromUtf8(text);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot read the payload: " + e, e);
        }
    }

    /** Whether a payload is too large for a call of the unary door. */
    static boolean isLarge(ByteString payload) {
        return payload.size() > CALL_BYTES;
    }

    private static ByteString bytesOf(String file, boolean takesLarge) {
        try {
            Path path = Path.of(file);
            long size = Files.size(path);
            if (size > (takesLarge ? WireLimits.MAX_PAYLOAD_BYTES : CALL_BYTES)) {
                throw tooLarge(
                        "%s has %,d bytes".formatted(file, size),
                        takesLarge ? WireLimits.MAX_PAYLOAD_BYTES : CALL_BYTES);
            }
            if (size > CALL_BYTES) {
                return mapped(path);
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

    /** The heap is smaller than the largest payload. */
    private static ByteString mapped(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            return UnsafeByteOperations.unsafeWrap(channel.map(MapMode.READ_ONLY, 0, channel.size()));
        }
    }

    private static ByteString bytesOf(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(CALL_BYTES + 1);
        if (bytes.length > CALL_BYTES) {
            throw tooLarge("%s holds more than %,d bytes".formatted(name, CALL_BYTES), CALL_BYTES);
        }
        return ByteString.copyFrom(bytes);
    }

    /** Known before anything is read into memory or sent. */
    private static CommandException tooLarge(String what, int most) {
        String more = most == WireLimits.MAX_PAYLOAD_BYTES
                ? "split it, or name it in a message and let the other side fetch it"
                : "the commands send and request take a --file of up to 256 MiB";
        String line = "the payload is too large: %s (expected: at most %,d bytes; %s)".formatted(what, most, more);
        return new CommandException(ExitCode.USAGE, line);
    }

    /** A message with these options, for those that attach. */
    Message message(Address to, ByteString bytes) {
        Message message = Message.to(to)
                .type(type)
                .contentType(contentType)
                .priority(priority.priority)
                .payload(bytes);
        for (var header : headers.entrySet()) {
            message = message.header(header.getKey(), header.getValue());
        }
        return message;
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
