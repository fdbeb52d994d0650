package io.dray.bench.tasks;

import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.MessageConsumer;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Messages of a work queue of NATS JetStream: kept in files, pulled by a consumer that acknowledges each. A message has
 * ended when the server has confirmed that it is stored and its acknowledgement has left. The server writes to files but
 * does not have each message on the disk before it confirms.
 */
final class JetStreamSystem implements TaskSystem {
    private static final String STREAM = "BENCH";
    private static final String SUBJECT = "bench.tasks";
    private static final int MAX_ACK_PENDING = 10_000;
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final JetStream stream;
    private final MessageConsumer consumer;
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong live = new AtomicLong();
    private final Map<Long, Halves> ends = new ConcurrentHashMap<>();

    /** Stored and acknowledged: whichever comes last is the end. */
    private record Halves(AtomicInteger left, Consumer<@Nullable Throwable> ended) {}

    private JetStreamSystem(Connection publisher, Connection worker) throws IOException, JetStreamApiException {
        publisher
                .jetStreamManagement()
                .addStream(StreamConfiguration.builder()
                        .name(STREAM)
                        .subjects(SUBJECT)
                        .retentionPolicy(RetentionPolicy.WorkQueue)
                        .storageType(StorageType.File)
                        .build());
        stream = publisher.jetStream();
        consumer = worker.getStreamContext(STREAM)
                .createOrUpdateConsumer(ConsumerConfiguration.builder()
                        .durable("workers")
                        .ackPolicy(AckPolicy.Explicit)
                        .maxAckPending(MAX_ACK_PENDING)
                        .build())
                .consume(this::onMessage);
    }

    static JetStreamSystem connect(String where) throws IOException, InterruptedException, JetStreamApiException {
        return new JetStreamSystem(open(where), open(where));
    }

    private static Connection open(String where) throws IOException, InterruptedException {
        return Nats.connect(Options.builder().server(where).build());
    }

    @Override
    public void prepare() {
        if (consumer.isStopped()) {
            throw new IllegalStateException("the consumer of the work queue has stopped");
        }
    }

    @Override
    public void submit(byte[] payload, Consumer<@Nullable Throwable> accepted) {
        publish(numbers.incrementAndGet(), payload, accepted);
    }

    @Override
    public void complete(byte[] payload, Consumer<@Nullable Throwable> ended) {
        long number = numbers.incrementAndGet();
        ends.put(number, new Halves(new AtomicInteger(2), ended));
        publish(number, payload, failure -> half(number, failure));
    }

    @Override
    public void settle() throws InterruptedException {
        if (!Patience.until(SETTLING, () -> live.get() <= 0)) {
            throw new IllegalStateException(live.get() + " messages are left after " + SETTLING);
        }
    }

    private void publish(long number, byte[] payload, Consumer<@Nullable Throwable> accepted) {
        byte[] data = ByteBuffer.allocate(Long.BYTES + payload.length)
                .putLong(number)
                .put(payload)
                .array();
        live.incrementAndGet();
        var _ = stream.publishAsync(SUBJECT, data).whenComplete((_, failure) -> accepted.accept(failure));
    }

    private void onMessage(Message message) {
        message.ack();
        live.decrementAndGet();
        half(ByteBuffer.wrap(message.getData()).getLong(), null);
    }

    private void half(long number, @Nullable Throwable failure) {
        Halves halves = ends.get(number);
        if (halves != null && (halves.left().decrementAndGet() == 0 || failure != null)) {
            ends.remove(number);
            halves.ended().accept(failure);
        }
    }
}
