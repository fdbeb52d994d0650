package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void agreesWithTheParserOnEveryCharacter() {
        for (int character = 0; character <= Character.MAX_CODE_POINT; character += 7) {
            byte[] bytes = new String(Character.toChars(character)).getBytes(StandardCharsets.UTF_8);

            assertThat(Utf8.isValid(bytes, 0, bytes.length)).isTrue();
        }
    }

    @Test
    void agreesWithTheParserOnRandomBytes() {
        long seed = System.nanoTime();
        System.out.println("Utf8Test.agreesWithTheParserOnRandomBytes seed " + seed);
        Random random = new Random(seed);
        int valid = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) (random.nextBoolean() ? random.nextInt(128) : 0x80 + random.nextInt(128));
            }
            boolean expected = ByteString.copyFrom(bytes).isValidUtf8();
            valid += expected ? 1 : 0;

            assertThat(Utf8.isValid(bytes, 0, bytes.length))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(expected);
        }
        assertThat(valid).isPositive();
    }

    @Test
    void agreesWithTheParserOnEveryPairAndTriple() {
        for (int first = 0xc0; first < 0x100; first++) {
            for (int second = 0x70; second < 0xd0; second++) {
                for (int third : new int[] {0x7f, 0x80, 0xbf, 0xc0}) {
                    byte[] bytes = {(byte) first, (byte) second, (byte) third, (byte) 0x80};
                    for (int length = 1; length <= 4; length++) {
                        boolean expected = ByteString.copyFrom(bytes, 0, length).isValidUtf8();
                        assertThat(Utf8.isValid(bytes, 0, length)).isEqualTo(expected);
                    }
                }
            }
        }
    }
}
