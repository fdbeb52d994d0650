package io.dray.bench.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what is sent, and answers every request at once. */
final class RecordingCarrier implements Carrier {
    final List<String> sent = new ArrayList<>();
    int requests;

    @Override
    public void echo() {}

    @Override
    public void receive(String channel, Consumer<ByteBuffer> handler) {}

    @Override
    public void subscribe(Consumer<ByteBuffer> handler) {}

    @Override
    public void request(byte[] payload, Consumer<@Nullable Throwable> done) {
        requests++;
        if (requests % 5 == 0) {
            throw new IllegalStateException("no room");
        }
        done.accept(requests % 3 == 0 ? new IllegalStateException("refused") : null);
    }

    @Override
    public void send(String channel, byte[] payload) {
        ByteBuffer bytes = ByteBuffer.wrap(payload);
        sent.add(channel + " " + bytes.getInt() + " " + bytes.getInt());
    }

    @Override
    public void publish(byte[] payload) {}

    @Override
    public void close() {}
}
