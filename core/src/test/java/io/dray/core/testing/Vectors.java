package io.dray.core.testing;

import io.dray.types.v1.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The conformance bytes in {@code proto/vectors}, read and written. Stateless. */
public final class Vectors {
    private Vectors() {}

    /**
     * Bytes that every language reads and writes alike.
     *
     * @param message full name of the protobuf message
     * @param json its canonical JSON
     * @param decodeOnly whether the bytes do not come back from the JSON
     */
    public record Good(String name, String message, String hex, JsonNode json, boolean decodeOnly) {
        /** Returns the bytes. */
        public byte[] bytes() {
            return HexFormat.of().parseHex(hex);
        }
    }

    /**
     * Bytes that are refused.
     *
     * @param kind envelope, frame or compressed
     * @param filler byte that follows so many times, 0-255
     * @param code why they are refused
     * @param notProtobuf whether every protobuf parser must refuse them too
     */
    public record Bad(String name, String kind, String hex, int filler, int times, Code code, boolean notProtobuf) {
        /** Returns the bytes, filler included. */
        public byte[] bytes() {
            byte[] head = HexFormat.of().parseHex(hex);
            byte[] bytes = Arrays.copyOf(head, head.length + times);
            Arrays.fill(bytes, head.length, bytes.length, (byte) filler);
            return bytes;
        }

        /** Returns the full name of the protobuf message that the bytes pretend to be. */
        public String message() {
            return switch (kind) {
                case "envelope" -> "dray.types.v1.Envelope";
                case "frame" -> "dray.agent.v1.AttachRequest";
                default -> "dray.peer.v1.Compressed";
            };
        }
    }

    /** Returns all good vectors. */
    public static List<Good> good() {
        return read("good.json").stream()
                .map(node -> new Good(
                        node.path("name").asString(),
                        node.path("message").asString(),
                        node.path("hex").asString(),
                        node.path("json"),
                        node.path("decodeOnly").asBoolean(false)))
                .toList();
    }

    /** Returns all bad vectors. */
    public static List<Bad> bad() {
        return read("bad.json").stream()
                .map(node -> new Bad(
                        node.path("name").asString(),
                        node.path("kind").asString(),
                        node.path("hex").asString(),
                        node.path("filler").asInt(0),
                        node.path("times").asInt(0),
                        Code.valueOf(node.path("code").asString()),
                        node.path("notProtobuf").asBoolean(false)))
                .toList();
    }

    /** Writes the good vectors, one per line. */
    public static void writeGood(List<Good> vectors) {
        write("good.json", vectors.stream().map(Vectors::toJson).toList());
    }

    /** Writes the bad vectors, one per line. */
    public static void writeBad(List<Bad> vectors) {
        write("bad.json", vectors.stream().map(Vectors::toJson).toList());
    }

    private static ObjectNode toJson(Good vector) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("name", vector.name()).put("message", vector.message());
        node.put("hex", vector.hex());
        node.set("json", vector.json());
        if (vector.decodeOnly()) {
            node.put("decodeOnly", true);
        }
        return node;
    }

    private static ObjectNode toJson(Bad vector) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        node.put("name", vector.name()).put("kind", vector.kind()).put("message", vector.message());
        node.put("code", vector.code().name());
        node.put("hex", vector.hex());
        if (vector.times() > 0) {
            node.put("filler", vector.filler()).put("times", vector.times());
        }
        if (vector.notProtobuf()) {
            node.put("notProtobuf", true);
        }
        return node;
    }

    private static List<JsonNode> read(String file) {
        JsonNode array = JsonMapper.shared().readTree(folder().resolve(file));
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static void write(String file, List<ObjectNode> nodes) {
        StringBuilder text = new StringBuilder("[\n");
        for (ObjectNode node : nodes) {
            text.append(text.length() > 2 ? ",\n" : "").append(node);
        }
        try {
            Files.createDirectories(folder());
            Files.writeString(folder().resolve(file), text.append("\n]\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        return Requires.repository().resolve("proto/vectors");
    }
}
