package io.dray.cli.output;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as the commands print it. Thread-safe. */
public final class Json {
    private static final JsonMapper LINES = new JsonMapper();
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {}

    /** A new object. */
    public static ObjectNode object() {
        return LINES.createObjectNode();
    }

    /** A new array. */
    public static ArrayNode array() {
        return LINES.createArrayNode();
    }

    /** Objects, lists and texts as a node. */
    public static JsonNode tree(Object value) {
        return LINES.valueToTree(value);
    }

    /** The node over several lines, for one answer. */
    public static void print(PrintStream out, JsonNode node) {
        out.println(PRETTY.writeValueAsString(node));
    }

    /** The node in one line, for streams of answers. */
    public static void printLine(PrintStream out, JsonNode node) {
        out.println(LINES.writeValueAsString(node));
        out.flush();
    }

    /** The node as text over several lines. */
    public static String text(JsonNode node) {
        return PRETTY.writeValueAsString(node);
    }

    /** Puts bytes as {@code name} if they are UTF-8, else in Base64 as {@code name_base64}. */
    public static void putBytes(ObjectNode node, String name, byte[] bytes) {
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            node.put(name, decoder.decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException _) {
            node.put(name + "_base64", Base64.getEncoder().encodeToString(bytes));
        }
    }
}
