package io.dray.bench.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.Message;
import io.dray.types.v1.DeliveryClass;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes over a sidecar by the Java SDK; handlers inline on the event loop, or each on a virtual thread. */
final class DrayCarrier implements Carrier {
    private static final String ECHO = "echo";
    private static final String TOPIC = "load";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(200);

    private final Mesh mesh;
    private final Map<String, Consumer<ByteBuffer>> channels;
    private final Message echo;
    private final Map<String, Message> messages;
    private final Message published;

    private DrayCarrier(Mesh mesh, Map<String, Consumer<ByteBuffer>> channels, Message message) {
        this.mesh = mesh;
        this.channels = channels;
        this.echo = message.type(ECHO);
        this.messages = Map.of(MESSAGES, message.type(MESSAGES), CONFIRMATIONS, message.type(CONFIRMATIONS));
        this.published = Message.toTopic(TOPIC);
    }

    static DrayCarrier connect(Side side, int index) {
        Map<String, Consumer<ByteBuffer>> channels = new ConcurrentHashMap<>();
        boolean inline = !side.system().equals("dray-virtual");
        AgentSpec spec = AgentSpec.named(name(side.sink(), index))
                .onMessage(ECHO, (message, context) -> context.reply(message.payload()))
                .onMessage((message, _) -> receive(channels, message));
        MeshConfig config = MeshConfig.defaults()
                .withSidecar(side.where())
                .withInlineCallbacks(inline)
                .withCloseTimeout(CLOSE_TIMEOUT);
        Mesh mesh = Mesh.connect(inline ? spec.inlineHandlers() : spec, config);
        Message message = Message.to(name(!side.sink(), index));
        boolean atLeastOnce = side.system().equals("dray-at-least-once") && !side.sink();
        return new DrayCarrier(
                mesh,
                channels,
                atLeastOnce ? message.deliveryClass(DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE) : message);
    }

    @Override
    public void echo() {
        // The handler is there from the start.
    }

    @Override
    public void receive(String channel, Consumer<ByteBuffer> handler) {
        channels.put(channel, handler);
    }

    @Override
    public void subscribe(Consumer<ByteBuffer> handler) {
        // Ends with the mesh.
        var _ = mesh.subscribe(
                TOPIC, (message, _) -> handler.accept(message.payload().asReadOnlyByteBuffer()));
    }

    @Override
    public void request(byte[] payload, Consumer<@Nullable Throwable> done) {
        var _ = mesh.request(echo.payload(wrap(payload)), REQUEST_TIMEOUT)
                .whenComplete((_, failure) -> done.accept(failure));
    }

    @Override
    public void send(String channel, byte[] payload) {
        Message message = messages.get(channel);
        if (message != null) {
            var _ = mesh.send(message.payload(wrap(payload)));
        }
    }

    @Override
    public void publish(byte[] payload) {
        var _ = mesh.send(published.payload(wrap(payload)));
    }

    @Override
    public void close() {
        mesh.close();
    }

    /** As jnats, which copies none either: nobody changes a payload that was given away. */
    private static ByteString wrap(byte[] payload) {
        return UnsafeByteOperations.unsafeWrap(payload);
    }

    private static String name(boolean sink, int index) {
        return (sink ? "load-sink-" : "load-source-") + index;
    }

    private static void receive(Map<String, Consumer<ByteBuffer>> channels, Message message) {
        Consumer<ByteBuffer> handler = channels.get(message.type());
        if (handler != null) {
            handler.accept(message.payload().asReadOnlyByteBuffer());
        }
    }
}
