package io.dray.bench.load;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes over a NATS server by its Java client with default options but for unlimited pending messages. */
final class NatsCarrier implements Carrier {
    private static final String ECHO = "load.echo";

    private final Connection connection;

    private NatsCarrier(Connection connection) {
        this.connection = connection;
    }

    static NatsCarrier connect(String url) throws IOException, InterruptedException {
        return new NatsCarrier(Nats.connect(Options.builder().server(url).build()));
    }

    @Override
    public void echo() {
        Dispatcher dispatcher =
                connection.createDispatcher(message -> connection.publish(message.getReplyTo(), message.getData()));
        dispatcher.setPendingLimits(0, 0);
        dispatcher.subscribe(ECHO);
        flush();
    }

    @Override
    public void receive(String channel, Consumer<byte[]> handler) {
        Dispatcher dispatcher = connection.createDispatcher(message -> handler.accept(message.getData()));
        dispatcher.setPendingLimits(0, 0);
        dispatcher.subscribe("load." + channel);
        flush();
    }

    @Override
    public void request(byte[] payload, Consumer<@Nullable Throwable> done) {
        var _ = connection.request(ECHO, payload).whenComplete((_, failure) -> done.accept(failure));
    }

    @Override
    public void send(String channel, byte[] payload) {
        connection.publish("load." + channel, payload);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
