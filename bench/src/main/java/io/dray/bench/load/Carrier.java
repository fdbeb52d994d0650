package io.dray.bench.load;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One agent's way to carry bytes to its counterpart in the other process of a load. Everything above it is the same for
 * all systems. Callbacks run on the system's own threads and must not block.
 */
interface Carrier extends Requester, AutoCloseable {
    /** From source to sink. */
    String MESSAGES = "messages";
    /** From sink to source. */
    String CONFIRMATIONS = "confirmations";

    /** Answers every request with its own payload. */
    void echo();

    /** Receives what the other side sends to {@code channel}; before the other side sends. */
    void receive(String channel, Consumer<ByteBuffer> handler);

    /** Receives what is published; before the other side publishes. */
    void subscribe(Consumer<ByteBuffer> handler);

    /** Sends a request to the side that echoes; {@code done} gets null, or why there is no reply. */
    @Override
    void request(byte[] payload, Consumer<@Nullable Throwable> done);

    /** Sends one message to the other side's {@code channel}; may wait while the system pushes back. */
    void send(String channel, byte[] payload);

    /** Sends one message to all that subscribed; may wait while the system pushes back. */
    void publish(byte[] payload);

    @Override
    void close();
}
