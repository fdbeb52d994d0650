package io.dray.bench.load;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to carry bytes to the other process of a load. Everything above it is the same for all systems.
 * Callbacks run on the system's own threads and must not block.
 */
interface Carrier extends AutoCloseable {
    /** Answers every request with its own payload. */
    void echo();

    /** Receives what the other side sends to {@code channel}; before the other side sends. */
    void receive(String channel, Consumer<byte[]> handler);

    /** Sends a request to the side that echoes; {@code done} gets null, or why there is no reply. */
    void request(byte[] payload, Consumer<@Nullable Throwable> done);

    /** Sends one message to the other side's {@code channel}; may wait while the system pushes back. */
    void send(String channel, byte[] payload);

    @Override
    void close();
}
