package io.dray.sidecar;

import com.google.protobuf.ByteString;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Chunk;
import io.dray.types.v1.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a played agent does with large payloads: begins some, goes on with some, gives some up and forgets others
 * half-sent; takes those of others, or not.
 */
final class LargeSends {
    private static final int MAX_BYTES = 300_000;
    private static final int CHUNK = 60 * 1024;
    private static final int LEAST_CHUNK = 4 * 1024;

    private AgentClient client;
    private final List<Sending> sending = new ArrayList<>();
    private final List<BlobWindow> arriving = new ArrayList<>();
    private long blobs;
    private int framesSeen;
    private int sentWhole;

    private static final class Sending {
        private final long blob;
        private final int total;
        private int sent;
        private long granted;

        Sending(long blob, int total) {
            this.blob = blob;
            this.total = total;
        }
    }

    LargeSends(AgentClient client) {
        this.client = client;
    }

    /** Goes on by another stream: what was under way is lost. */
    void continueBy(AgentClient other) {
        client = other;
        sending.clear();
        arriving.clear();
        framesSeen = 0;
    }

    /** Payloads that were sent to the last chunk. */
    int sentWhole() {
        return sentWhole;
    }

    /** Makes the payload of an envelope follow it as chunks. */
    Envelope.Builder begin(Envelope.Builder envelope, Random random) {
        var begun = new Sending(++blobs, 1 + random.nextInt(MAX_BYTES));
        sending.add(begun);
        return envelope.setBlob(begun.blob).setBlobBytes(begun.total).clearPayload();
    }

    /** Goes on with something that is under way, or gives it up. */
    void act(Random random) {
        look();
        switch (random.nextInt(8)) {
            case 0 -> giveUp(random);
            case 1, 2, 3 -> take(random);
            default -> goOn(random);
        }
    }

    private void look() {
        List<byte[]> frames = client.call.sent();
        for (; framesSeen < frames.size(); framesSeen++) {
            AttachResponse frame = AgentClient.parsed(frames.get(framesSeen));
            for (BlobWindow window : frame.getBlobWindowsList()) {
                sending.stream()
                        .filter(one -> one.blob == window.getBlob())
                        .forEach(one -> one.granted = Math.max(one.granted, window.getBytes()));
            }
            for (Envelope envelope : frame.getEnvelopesList()) {
                if (envelope.getBlob() != 0) {
                    arriving.add(BlobWindow.newBuilder()
                            .setSession(envelope.getSession())
                            .setBlob(envelope.getBlob())
                            .setBytes(envelope.getBlobBytes())
                            .build());
                }
            }
        }
    }

    private void take(Random random) {
        if (arriving.isEmpty()) {
            return;
        }
        BlobWindow whole = arriving.get(random.nextInt(arriving.size()));
        BlobWindow.Builder window = whole.toBuilder();
        if (random.nextInt(4) == 0) {
            window.setBytes(1 + random.nextInt((int) whole.getBytes()));
        } else {
            arriving.remove(whole);
        }
        client.say(AttachRequest.newBuilder().addBlobWindows(window).build());
    }

    private void goOn(Random random) {
        if (sending.isEmpty()) {
            return;
        }
        Sending one = sending.get(random.nextInt(sending.size()));
        for (int i = random.nextInt(6); i >= 0 && client.call.isOpen(); i--) {
            int bytes = (int) Math.min(CHUNK, Math.min(one.granted, one.total) - one.sent);
            boolean isLast = one.sent + bytes == one.total;
            if (bytes <= 0 || (bytes < LEAST_CHUNK && !isLast)) {
                return;
            }
            say(one, bytes, isLast);
            if (isLast) {
                sending.remove(one);
                sentWhole++;
                return;
            }
        }
    }

    private void giveUp(Random random) {
        if (!sending.isEmpty()) {
            Sending one = sending.remove(random.nextInt(sending.size()));
            if (random.nextBoolean()) {
                say(one, 0, true);
            }
        }
    }

    private void say(Sending one, int bytes, boolean isLast) {
        client.say(AttachRequest.newBuilder()
                .addChunks(Chunk.newBuilder()
                        .setBlob(one.blob)
                        .setOffset(one.sent)
                        .setData(ByteString.copyFrom(new byte[bytes]))
                        .setLast(isLast))
                .build());
        one.sent += bytes;
    }
}
