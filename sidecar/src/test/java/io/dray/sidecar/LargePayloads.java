package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.Subscription;
import io.dray.sidecar.local.LocalAgent;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The doors of a sidecar, and what tests of large payloads say through them. */
abstract class LargePayloads {
    static final int CHUNK = 60 * 1024;
    static final long BLOB = 7;

    @TempDir
    private Path folder;

    Doors doors;

    @BeforeEach
    void open() throws IOException {
        doors = new Doors(folder);
    }

    @AfterEach
    void close() {
        doors.close();
    }

    AgentClient subscriber(String name) {
        AgentClient subscriber = doors.large(name);
        subscriber.say(AttachRequest.newBuilder()
                .addSubscriptions(Subscription.newBuilder().setPattern("t"))
                .build());
        return subscriber;
    }

    static Envelope.Builder announced(AgentClient sender, String to, long bytes) {
        return announced(sender.envelope(to), bytes);
    }

    static Envelope.Builder announced(Envelope.Builder envelope, long bytes) {
        return envelope.setBlob(BLOB).setBlobBytes(bytes);
    }

    void begin(AgentClient receiver, AgentClient sender, long blob, long bytes) {
        sender.send(announced(sender, "b", bytes).setBlob(blob));
        receiver.say(AttachRequest.newBuilder()
                .addBlobWindows(window(sender, bytes).setBlob(blob))
                .build());
    }

    static BlobWindow.Builder window(AgentClient sender, long bytes) {
        return BlobWindow.newBuilder()
                .setSession(sender.welcome().getSession())
                .setBlob(BLOB)
                .setBytes(bytes);
    }

    static void allow(AgentClient receiver, AgentClient sender, long bytes) {
        receiver.say(
                AttachRequest.newBuilder().addBlobWindows(window(sender, bytes)).build());
    }

    static List<Long> windows(AgentClient sender) {
        return sender.frames().stream()
                .flatMap(frame -> frame.getBlobWindowsList().stream())
                .map(BlobWindow::getBytes)
                .toList();
    }

    static List<BlobWindow> windowsOf(PeerClient... streams) {
        return List.of(streams).stream()
                .flatMap(stream -> stream.frames().stream())
                .flatMap(frame -> frame.getBlobWindowsList().stream())
                .toList();
    }

    static byte[] payload(int bytes) {
        byte[] payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);
        return payload;
    }

    static Chunk.Builder piece(byte[] payload, int from, int to) {
        return Chunk.newBuilder()
                .setBlob(BLOB)
                .setOffset(from)
                .setData(ByteString.copyFrom(payload, from, to - from))
                .setLast(to == payload.length);
    }

    static void say(AgentClient sender, Chunk.Builder chunk) {
        sender.say(AttachRequest.newBuilder().addChunks(chunk).build());
    }

    static void chunk(AgentClient sender, byte[] payload, int from, int to) {
        say(sender, piece(payload, from, to));
    }

    static void sendAll(AgentClient sender, byte[] payload) {
        assertThat(sendWhatIsAllowed(sender, payload, 0)).isEqualTo(payload.length);
    }

    /** Sends whole chunks while the sidecar allows them; returns how far it came. */
    static int sendWhatIsAllowed(AgentClient sender, byte[] payload, int from) {
        int sent = from;
        while (sent < payload.length) {
            int next = Math.min(payload.length, sent + CHUNK);
            if (windows(sender).stream().mapToLong(Long::longValue).max().orElse(0) < next) {
                return sent;
            }
            chunk(sender, payload, sent, next);
            sent = next;
        }
        return sent;
    }

    static byte[] dataOf(AgentClient receiver) {
        return receiver.frames().stream()
                .flatMap(frame -> frame.getChunksList().stream())
                .map(Chunk::getData)
                .reduce(ByteString.EMPTY, ByteString::concat)
                .toByteArray();
    }

    void wake(AgentClient agent) {
        doors.agents.all().stream()
                .filter(local -> local.instance().equals(agent.welcome().getInstance()))
                .forEach(LocalAgent::wake);
        doors.loop.runReady();
    }

    void sweepAfter(Duration time) {
        doors.loop.advance(time);
        doors.blobs.sweep(doors.context.nowMicros());
        doors.loop.runReady();
    }

    static void assertThatTheReceiverWasToldOfTheEnd(AgentClient receiver) {
        List<Chunk> chunks = receiver.frames().stream()
                .flatMap(frame -> frame.getChunksList().stream())
                .toList();
        assertThat(chunks).last().satisfies(chunk -> {
            assertThat(chunk.getLast()).isTrue();
            assertThat(chunk.getData().isEmpty()).isTrue();
        });
    }

    void assertThatNothingIsLeft() {
        assertThat(doors.blobs.size()).isZero();
        assertThat(doors.blobs.reservedBytes()).isZero();
        assertThat(doors.budget.used()).isZero();
    }
}
