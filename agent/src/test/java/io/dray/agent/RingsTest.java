package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Ring;
import io.dray.agent.v1.RingAnswer;
import io.dray.core.net.RingMemory;
import io.dray.core.net.RingReader;
import io.dray.core.net.RingWriter;
import io.dray.core.testing.Await;
import io.dray.types.v1.Envelope;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingsTest {
    private static final int CAPACITY = 1 << 20;

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<Message> handled = new ConcurrentLinkedQueue<>();
    private MeshFixture fixture;
    private FakeSidecar sidecar;
    private AttachedMesh mesh;
    private RingMemory memory;

    @BeforeEach
    void start() throws IOException {
        fixture = new MeshFixture();
        sidecar = fixture.sidecar;
        mesh = fixture.attach(AgentSpec.named("tester").onMessage((message, _) -> handled.add(message)));
        memory = RingMemory.create(folder.resolve("dray-ring-1-1"), CAPACITY);
    }

    @AfterEach
    void stop() {
        fixture.close();
        memory.close();
    }

    @Test
    void largeFramesGoThroughTheRingInOrderAndSmallOnesBeside() throws IOException {
        var reader = new RingReader(memory);
        offer(true, "dray-ring-1-1");
        assertThat(answer()).isEqualTo(answered(true, true));

        int count = 3_000;
        for (int i = 0; i < count; i++) {
            mesh.send(Message.to("receiver").type("t").payload(new byte[i % 100 == 0 ? 10_000 : 700]));
            sayRoomOnce(readAll(reader));
        }
        Await.until(count + " envelopes", () -> {
            sayRoomOnce(readAll(reader));
            return taken.size() == count;
        });

        assertThat(taken).extracting(Envelope::getSequence).isSorted().doesNotHaveDuplicates();
        assertThat(inRing).as("frames in the ring").isPositive();
    }

    @Test
    void anAgentWhoseRingIsFullWaitsUntilItIsTold() throws IOException {
        var reader = new RingReader(memory);
        offer(true, "dray-ring-1-1");
        assertThat(answer().getMapped()).isTrue();
        // More than the ring takes, and less beyond it than would shut the outbox, which waits for this thread to read.
        for (int i = 0; i < 80; i++) {
            var _ = mesh.send(Message.to("receiver").type("t").payload(new byte[15_000]));
        }
        Await.until("the ring is full", () -> standIns() * 120_000L > CAPACITY / 2);
        fixture.barrier();
        int written = sidecar.frames().size();
        fixture.barrier();
        assertThat(sidecar.frames()).hasSize(written);

        sayRoomOnce(readAll(reader));

        Await.until("the rest", () -> {
            sayRoomOnce(readAll(reader));
            return taken.size() == 80;
        });
    }

    @Test
    void framesFromTheSidecarAreReadFromItsRing() {
        var writer = new RingWriter(memory);
        offer(false, "dray-ring-1-1");
        assertThat(answer()).isEqualTo(answered(false, true));
        int frames = 0;
        for (; writer.hasRoom(); frames++) {
            byte[] bytes = delivery(frames + 1).toByteArray();
            writer.write(bytes, 0, bytes.length);
            sidecar.send(AttachResponse.newBuilder().setRingFrame(bytes.length));
        }

        int all = frames;
        Await.until(all + " messages", () -> handled.size() == all);
        sidecar.awaitFrame("word that there is room", AttachRequest::getRingRoom);
        assertThat(handled)
                .allSatisfy(message -> assertThat(message.payload().size()).isEqualTo(100_000));
        assertThat(writer.hasRoom()).isTrue();
    }

    @Test
    void whatCannotBeMappedIsAnsweredAndTheSocketCarriesAll() {
        offer(true, "dray-ring-none");
        assertThat(answer()).isEqualTo(answered(true, false));

        var _ = mesh.send(Message.to("receiver").type("t").payload(new byte[50_000]));

        assertThat(sidecar.awaitEnvelopes(1)).hasSize(1);
    }

    @Test
    void aFileOfAnotherNameIsNotTouched() {
        offer(true, "precious");

        assertThat(answer()).isEqualTo(answered(true, false));
    }

    @Test
    void aFrameInNoRingEndsTheStreamAndTheAgentComesBack() {
        sidecar.send(AttachResponse.newBuilder().setRingFrame(20_000));

        var _ = sidecar.awaitHello(2);
    }

    @Test
    void theNextStreamHasNoRing() throws IOException {
        offer(true, "dray-ring-1-1");
        assertThat(answer().getMapped()).isTrue();
        sidecar.breakStream();
        var _ = sidecar.awaitHello(2);

        var _ = mesh.send(Message.to("receiver").type("t").payload(new byte[50_000]));

        assertThat(sidecar.awaitEnvelopes(1)).hasSize(1);
    }

    @Test
    void aRingThatSomebodyCutsShortEndsTheStreamAndTheAgentComesBack() throws IOException {
        offer(true, "dray-ring-1-1");
        assertThat(answer().getMapped()).isTrue();
        try (FileChannel file = FileChannel.open(folder.resolve("dray-ring-1-1"), StandardOpenOption.WRITE)) {
            file.truncate(0);
        }

        var _ = mesh.send(Message.to("receiver").type("t").payload(new byte[50_000]));
        var _ = sidecar.awaitHello(2);

        var _ = mesh.send(Message.to("receiver").type("after").payload(new byte[50_000]));
        sidecar.awaitFrame(
                "a message by the socket",
                frame -> frame.getEnvelopesList().stream()
                        .anyMatch(envelope -> envelope.getType().equals("after")));
    }

    private final List<Envelope> taken = new ArrayList<>();
    private int looked;
    private int inRing;

    /** Takes all envelopes of what came since; whether the agent waits for word of room. */
    private boolean readAll(RingReader reader) {
        boolean waits = false;
        List<AttachRequest> frames = sidecar.frames();
        for (; looked < frames.size(); looked++) {
            AttachRequest frame = frames.get(looked);
            if (frame.getRingFrame() != 0) {
                inRing++;
                byte[] bytes = new byte[frame.getRingFrame()];
                waits |= reader.read(bytes, bytes.length);
                frame = parsed(bytes);
            }
            taken.addAll(frame.getEnvelopesList());
        }
        return waits;
    }

    private void sayRoomOnce(boolean waits) {
        if (waits) {
            sidecar.send(AttachResponse.newBuilder().setRingRoom(true));
        }
    }

    private long standIns() {
        return sidecar.frames().stream()
                .filter(frame -> frame.getRingFrame() != 0)
                .count();
    }

    private void offer(boolean fromAgent, String name) {
        sidecar.send(AttachResponse.newBuilder()
                .addRings(Ring.newBuilder()
                        .setFromAgent(fromAgent)
                        .setPath(folder.resolve(name).toString())
                        .setCapacity(CAPACITY)));
    }

    private RingAnswer answer() {
        return sidecar.awaitFrame("an answer", frame -> frame.getRingAnswersCount() > 0)
                .getRingAnswers(0);
    }

    private static RingAnswer answered(boolean fromAgent, boolean isMapped) {
        return RingAnswer.newBuilder()
                .setFromAgent(fromAgent)
                .setMapped(isMapped)
                .build();
    }

    private static AttachResponse delivery(int number) {
        return AttachResponse.newBuilder()
                .setFirstDelivery(number)
                .addEnvelopes(Envelope.newBuilder()
                        .setTo(io.dray.types.v1.Address.newBuilder().setAgent("tester"))
                        .setFrom("sender/one@here")
                        .setSession(7)
                        .setSequence(number)
                        .setType("t")
                        .setPayload(com.google.protobuf.ByteString.copyFrom(new byte[100_000])))
                .build();
    }

    private static AttachRequest parsed(byte[] bytes) {
        try {
            return AttachRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
