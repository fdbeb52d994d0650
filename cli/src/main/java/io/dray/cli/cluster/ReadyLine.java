package io.dray.cli.cluster;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a router or sidecar printed when it began to serve: {@code READY {json}}. Immutable. */
record ReadyLine(JsonNode fields) {
    private static final String PREFIX = "READY ";
    private static final JsonMapper JSON = new JsonMapper();

    /** The line's fields; empty when it is another line. */
    static Optional<ReadyLine> parse(String line) {
        if (!line.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReadyLine(JSON.readTree(line.substring(PREFIX.length()))));
        } catch (JacksonException _) {
            return Optional.empty(); // half a line: the rest is still being written
        }
    }

    /** Before anything was printed. */
    static ReadyLine none() {
        return new ReadyLine(JSON.createObjectNode());
    }

    /** A field as text; empty when it is missing. */
    String text(String name) {
        return fields.path(name).asString("");
    }
}
