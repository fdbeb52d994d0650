package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Ring;
import io.dray.agent.v1.RingAnswer;
import io.dray.core.net.RingMemory;
import io.dray.core.net.RingReader;
import io.dray.core.net.RingWriter;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FramePool;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.types.v1.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamRingsTest {
    private static final int LARGE = 64 * 1024;

    @TempDir
    private Path folder;

    private final List<Ring> offers = new ArrayList<>();
    private final List<RingMemory> mapped = new ArrayList<>();
    private Rings rings;
    private StreamRings stream;

    @BeforeEach
    void open() {
        rings = new Rings(folder, 2L * Rings.CAPACITY, new FramePool());
        stream = new StreamRings(rings, offers::add);
        stream.want();
    }

    @AfterEach
    void close() {
        stream.close();
        mapped.forEach(RingMemory::close);
    }

    @Test
    void aRingIsOfferedOnceAsMuchAsItHoldsWentThroughTheSocketInLargeFrames() {
        sockets(15, LARGE);
        assertThat(offers).isEmpty();

        sockets(1, LARGE);
        assertThat(offers).singleElement().satisfies(ring -> {
            assertThat(ring.getFromAgent()).isTrue();
            assertThat(ring.getCapacity()).isEqualTo(Rings.CAPACITY);
            assertThat(Path.of(ring.getPath())).exists();
        });
        sockets(100, LARGE);
        assertThat(offers).hasSize(1);
    }

    @Test
    void streamsOfSmallFramesOrOfAgentsThatMapNoneGetNone() {
        sockets(10_000, RingWriter.LEAST_BYTES - 1);
        stream = new StreamRings(rings, offers::add);
        sockets(1_000, LARGE);

        assertThat(offers).isEmpty();
    }

    @Test
    void noMoreRingsThanTheLimitAndThoseOfEndedStreamsCountNoMore() {
        List<StreamRings> streams = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stream = new StreamRings(rings, offers::add);
            stream.want();
            streams.add(stream);
            sockets(16, LARGE);
        }
        assertThat(offers).hasSize(2);

        streams.getFirst().close();
        sockets(16, LARGE);
        assertThat(offers).hasSize(3);
        streams.forEach(StreamRings::close);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void framesFromTheAgentAreReadFromItsRing() throws IOException {
        var writer = new RingWriter(mapFromAgent());
        assertThat(folder).as("its name is gone once it is mapped").isEmptyDirectory();
        var random = new Random(1);
        for (int i = 0; i < 100; i++) {
            byte[] bytes = new byte[LARGE + random.nextInt(LARGE)];
            random.nextBytes(bytes);
            assertThat(writer.hasRoom()).isTrue();
            writer.write(bytes, 0, bytes.length);
            Frame read = read(bytes.length);
            assertThat(ByteBuffer.wrap(read.bytes(), 0, read.length())).isEqualTo(ByteBuffer.wrap(bytes));
            read.release();
        }
    }

    @Test
    void anAgentThatWaitsForRoomIsToldOnceHalfOfItsRingIsRead() throws IOException {
        var writer = new RingWriter(mapFromAgent());
        int frames = 0;
        for (; writer.hasRoom(); frames++) {
            writer.write(new byte[LARGE], 0, LARGE);
        }
        for (; frames > Rings.CAPACITY / LARGE / 2; frames--) {
            assertThat(stream.owesRoom()).isFalse();
            read(LARGE).release();
        }

        assertThat(stream.owesRoom()).isTrue();
        stream.saidRoom();
        read(LARGE).release();
        assertThat(stream.owesRoom()).isFalse();
    }

    @Test
    void largeFramesToTheAgentLieInItsRingAndOthersGoThroughTheSocket() throws IOException {
        for (int i = 0; i < 16; i++) {
            var _ = stream.write(OutboundFrame.of(new byte[LARGE]));
        }
        var reader = new RingReader(map(offers.getFirst()));
        OutboundFrame before = OutboundFrame.of(new byte[LARGE]);
        assertThat(stream.write(before)).as("not mapped yet").isSameAs(before);
        answer(false, true);
        byte[] bytes = new byte[LARGE];
        new Random(2).nextBytes(bytes);
        var frame = new OutboundFrame();
        frame.add(bytes, 0, 1_000);
        frame.add(bytes, 1_000, LARGE - 1_000);

        assertThat(stream.hasRoom()).isTrue();
        AttachResponse standIn = AttachResponse.parseFrom(stream.write(frame).toByteArray());

        assertThat(standIn)
                .isEqualTo(AttachResponse.newBuilder().setRingFrame(LARGE).build());
        byte[] read = new byte[LARGE];
        assertThat(reader.read(read, LARGE)).isFalse();
        assertThat(read).isEqualTo(bytes);
        OutboundFrame small = OutboundFrame.of(new byte[RingWriter.LEAST_BYTES - 1]);
        OutboundFrame huge = OutboundFrame.of(new byte[Rings.CAPACITY / 4 + 1]);
        assertThat(stream.write(small)).isSameAs(small);
        assertThat(stream.write(huge)).isSameAs(huge);
    }

    @Test
    void anAgentThatCannotMapItUsesItsSocketAndIsNotAskedAgain() {
        sockets(16, LARGE);
        answer(true, false);

        sockets(100, LARGE);
        assertThat(offers).hasSize(1);
        assertThat(folder).isEmptyDirectory();
        assertThat(stream.hasRoom()).isTrue();
    }

    @Test
    void whatAHostileAgentSaysOfItsRingEndsItsStream() throws IOException {
        refused(() -> stream.read(standsFor(LARGE)));
        refused(() -> answer(true, true));
        RingMemory memory = mapFromAgent();
        refused(() -> answer(true, true));
        refused(() -> stream.read(standsFor(Rings.CAPACITY / 4 + 1)));
        refused(() -> stream.read(standsFor(-1)));
        new RingWriter(memory).write(new byte[LARGE], 0, LARGE);
        read(LARGE).release();
    }

    @Test
    void anAgentThatCutsTheFileShortEndsItsStreamOnly() throws IOException {
        sockets(16, LARGE);
        try (FileChannel raw = FileChannel.open(Path.of(offers.getFirst().getPath()), StandardOpenOption.WRITE)) {
            answer(true, true);
            raw.truncate(0);
        }

        refused(() -> stream.read(standsFor(LARGE)));
    }

    /** Compiled code hears of the fault late: the error must not come up in what the loop does next. */
    @ParameterizedTest
    @ValueSource(longs = {0, 2 * 4_096})
    void aFileThatIsCutShortWhileItsStreamIsBusyEndsNoOther(long left) throws IOException {
        for (int round = 0; round < 30; round++) {
            stream = new StreamRings(rings, offers::add);
            stream.want();
            sockets(16, LARGE);
            try (FileChannel raw = FileChannel.open(Path.of(offers.getLast().getPath()), StandardOpenOption.WRITE)) {
                answer(true, true);
                readOften(1_000);
                raw.truncate(left);
                refused(() -> readOften(1));
            }
            stream.close();
        }
    }

    @Test
    void withoutAFolderThereAreNone() throws IOException {
        Files.delete(folder);

        sockets(100, LARGE);

        assertThat(offers).isEmpty();
        Files.createDirectory(folder);
    }

    @Test
    void whatKilledSidecarsLeftIsDeletedByTheFirstRing() throws IOException {
        Path left = Files.createFile(folder.resolve("dray-ring-999999999-1"));
        Path alive = Files.createFile(
                folder.resolve("dray-ring-" + ProcessHandle.current().pid() + "-1"));
        Path odd = Files.createFile(folder.resolve("dray-ring-x-1"));

        sockets(16, LARGE);

        assertThat(left).doesNotExist();
        assertThat(alive).exists();
        assertThat(odd).exists();
        Files.delete(alive);
        Files.delete(odd);
    }

    private void sockets(int frames, int bytes) {
        for (int i = 0; i < frames; i++) {
            assertThat(stream.read(Frame.of(new byte[bytes], 0))).isNull();
        }
    }

    private RingMemory mapFromAgent() throws IOException {
        sockets(16, LARGE);
        RingMemory memory = map(offers.getLast());
        answer(true, true);
        return memory;
    }

    private RingMemory map(Ring ring) throws IOException {
        RingMemory memory = RingMemory.open(Path.of(ring.getPath()), ring.getCapacity());
        mapped.add(memory);
        return memory;
    }

    private void answer(boolean fromAgent, boolean isMapped) {
        stream.onAnswer(RingAnswer.newBuilder()
                .setFromAgent(fromAgent)
                .setMapped(isMapped)
                .build());
    }

    private static Frame standsFor(int length) {
        return Frame.of(AttachRequest.newBuilder().setRingFrame(length).build().toByteArray(), 0);
    }

    private Frame read(int length) {
        return Objects.requireNonNull(stream.read(standsFor(length)));
    }

    private void readOften(int times) {
        Frame standsFor = standsFor(LARGE);
        for (int i = 0; i < times; i++) {
            readOnce(standsFor);
        }
    }

    private void readOnce(Frame standsFor) {
        Frame frame = stream.read(standsFor);
        if (frame != null) {
            frame.release();
        }
    }

    private static void refused(ThrowingCallable attack) {
        assertThatThrownBy(attack)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(MeshError.from(refusal).getCode()).isEqualTo(Code.CODE_BAD_FRAME));
    }
}
