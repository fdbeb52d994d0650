package io.dray.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import io.dray.router.v1.TaskSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads a task from JSON or YAML, of which JSON is a part. Stateless. */
final class SpecFile {
    private static final int MAX_BYTES = 6 << 20;
    private static final String EXPECTED = "a TaskSpec in JSON or YAML, such as `capability: digest`";

    private SpecFile() {}

    /** Returns the task in a file, or in the given stream when the file is -. */
    static TaskSpec read(String file, InputStream in) {
        String name = file.equals("-") ? "standard input" : file;
        try {
            byte[] bytes = file.equals("-") ? in.readNBytes(MAX_BYTES + 1) : bytes(Path.of(file));
            if (bytes.length > MAX_BYTES) {
                throw bad(name, "is larger than " + MAX_BYTES + " bytes", null);
            }
            return parse(name, bytes);
        } catch (IOException | InvalidPathException e) {
            String reason = e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
            throw bad(name, "cannot be read: " + reason, e);
        }
    }

    private static byte[] bytes(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    private static TaskSpec parse(String name, byte[] bytes) {
        try {
            JsonNode tree = new YAMLMapper().readTree(bytes);
            if (tree == null || !tree.isObject()) {
                throw bad(name, "holds no keys", null);
            }
            TaskSpec.Builder spec = TaskSpec.newBuilder();
            JsonFormat.parser().merge(tree.toString(), spec);
            return spec.build();
        } catch (JacksonException e) {
            throw bad(name, "is no YAML: " + e.getOriginalMessage(), e);
        } catch (InvalidProtocolBufferException e) {
            throw bad(name, "is no task: " + e.getMessage(), e);
        }
    }

    private static CommandException bad(String name, String what, @Nullable Exception cause) {
        String line = name + " " + what + " (expected: " + EXPECTED + ")";
        return cause == null
                ? new CommandException(ExitCode.USAGE, line)
                : new CommandException(ExitCode.USAGE, line, cause);
    }
}
