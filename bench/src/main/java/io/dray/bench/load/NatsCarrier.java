package io.dray.bench.load;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.MessageHandler;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes over a NATS server by its Java client with default options but for unlimited pending messages. */
final class NatsCarrier implements Carrier {
    private static final String TOPIC = "load.topic";

    private final Connection connection;
    private final int index;

    private NatsCarrier(Connection connection, int index) {
        this.connection = connection;
        this.index = index;
    }

    static NatsCarrier connect(Side side, int index) throws IOException, InterruptedException {
        return new NatsCarrier(
                Nats.connect(Options.builder().server(side.where()).build()), index);
    }

    @Override
    public void echo() {
        subscribe(subject("echo"), message -> connection.publish(message.getReplyTo(), message.getData()));
    }

    @Override
    public void receive(String channel, Consumer<ByteBuffer> handler) {
        subscribe(subject(channel), message -> handler.accept(ByteBuffer.wrap(message.getData())));
    }

    @Override
    public void subscribe(Consumer<ByteBuffer> handler) {
        subscribe(TOPIC, message -> handler.accept(ByteBuffer.wrap(message.getData())));
    }

    @Override
    public void request(byte[] payload, Consumer<@Nullable Throwable> done) {
        var _ = connection.request(subject("echo"), payload).whenComplete((_, failure) -> done.accept(failure));
    }

    @Override
    public void send(String channel, byte[] payload) {
        connection.publish(subject(channel), payload);
    }

    @Override
    public void publish(byte[] payload) {
        connection.publish(TOPIC, payload);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String subject(String channel) {
        return "load." + channel + "." + index;
    }

    private void subscribe(String subject, MessageHandler handler) {
        Dispatcher dispatcher = connection.createDispatcher(handler);
        dispatcher.setPendingLimits(0, 0);
        dispatcher.subscribe(subject);
        flush();
    }

    private void flush() {
        try {
            connection.flush(Duration.ofSeconds(5));
        } catch (TimeoutException e) {
            throw new IllegalStateException("the NATS server did not answer a flush within 5 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
