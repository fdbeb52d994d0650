package io.dray.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonTest {
    @Test
    void bytesAreTextWhereTheyCanBe() {
        var node = Json.object();

        Json.putBytes(node, "payload", "fähre".getBytes(StandardCharsets.UTF_8));

        assertThat(node.path("payload").asString()).isEqualTo("fähre");
    }

    @Test
    void otherBytesAreBase64UnderAnotherName() {
        var node = Json.object();

        Json.putBytes(node, "payload", new byte[] {(byte) 0xFF, 0});

        assertThat(node.has("payload")).isFalse();
        assertThat(node.path("payload_base64").asString()).isEqualTo("/wA=");
    }
}
