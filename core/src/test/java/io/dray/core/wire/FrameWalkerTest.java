package io.dray.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import io.dray.agent.v1.AttachRequest;
import io.dray.types.v1.Window;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameWalkerTest {
    private static final int MUTATIONS = 100_000;

    private final FrameWalker walker = new FrameWalker();

    @Test
    void givesRangesThatPutTogetherAreTheFrame() throws IOException {
        byte[] frame = frame(1).toByteArray();
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        List<Integer> fields = new ArrayList<>();

        walker.start(frame, 0, frame.length);
        while (walker.next()) {
            fields.add(walker.field());
            copy.write(frame, walker.fieldStart(), walker.fieldEnd() - walker.fieldStart());
        }

        assertThat(walker.isRefused()).isFalse();
        assertThat(fields).containsExactly(1, 1, 4, 10);
        assertThat(copy.toByteArray()).isEqualTo(frame);
    }

    @Test
    void readsNumbersAndContent() {
        byte[] bytes = HexFormat.of().parseHex("ff" + "08ac02" + "110807060504030201" + "1d04030201" + "2203616263");
        walker.start(bytes, 1, bytes.length - 1);

        assertThat(walker.next()).isTrue();
        assertThat(walker.number()).isEqualTo(300);
        assertThat(walker.wireType()).isEqualTo(FrameWalker.VARINT);
        assertThat(walker.next()).isTrue();
        assertThat(walker.number()).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(walker.next()).isTrue();
        assertThat(walker.number()).isEqualTo(0x0102_0304);
        assertThat(walker.next()).isTrue();
        assertThat(walker.contentLength()).isEqualTo(3);
        assertThat(bytes[walker.contentStart()]).isEqualTo((byte) 'a');
        assertThat(walker.next()).isFalse();
        assertThat(walker.isRefused()).isFalse();
    }

    @Test
    void stopsWhereTheBytesAreNoFrame() {
        for (String hex : new String[] {
            "0a", "0a05", "80", "0001", "0b", "0c", "0e", "0f", "09010203", "0d01", "08" + "ff".repeat(9) + "7f"
        }) {
            byte[] bytes = HexFormat.of().parseHex("5001" + hex);
            walker.start(bytes, 0, bytes.length);

            assertThat(walker.next()).as(hex).isTrue();
            assertThat(walker.next()).as(hex).isFalse();
            assertThat(walker.isRefused()).as(hex).isTrue();
            assertThat(walker.position()).as(hex).isEqualTo(2);
        }
    }

    @Test
    void staysInsideAndAgreesWithTheParserOnMutations() throws IOException {
        long seed = System.nanoTime();
        System.out.println("FrameWalkerTest.staysInsideAndAgreesWithTheParserOnMutations seed " + seed);
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] frame = frame(i).toByteArray();
            frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            frame = Arrays.copyOf(frame, frame.length - random.nextInt(2) * random.nextInt(frame.length));
            walker.start(frame, 0, frame.length);
            while (walker.next()) {
                assertThat(walker.fieldEnd()).isBetween(walker.contentStart(), frame.length);
            }
            if (!walker.isRefused()) {
                accepted++;
                skipAll(CodedInputStream.newInstance(frame), "seed " + seed + ", mutation " + i);
            }
        }
        assertThat(accepted).isBetween(MUTATIONS / 20, MUTATIONS - MUTATIONS / 20);
    }

    private static void skipAll(CodedInputStream input, String where) {
        try {
            for (int tag = input.readTag(); tag != 0; tag = input.readTag()) {
                assertThat(input.skipField(tag)).as(where).isTrue();
            }
            assertThat(input.isAtEnd()).isTrue();
        } catch (IOException e) {
            throw new AssertionError(where + ": accepted, but the parser refuses", e);
        }
    }

    private static AttachRequest frame(long seed) {
        RandomEnvelopes envelopes = new RandomEnvelopes(seed);
        return AttachRequest.newBuilder()
                .addEnvelopes(envelopes.next())
                .addEnvelopes(envelopes.next())
                .setWindow(Window.newBuilder().setMessages(7).setBytes(1 << 20))
                .setEcho(300)
                .build();
    }
}
