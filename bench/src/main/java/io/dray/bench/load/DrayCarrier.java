package io.dray.bench.load;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.Message;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Bytes over a sidecar by the Java SDK; handlers inline on the event loop, or each on a virtual thread. */
final class DrayCarrier implements Carrier {
    private static final String ECHO = "echo";
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    private final Mesh mesh;
    private final Map<String, Consumer<byte[]>> channels;
    private final Message echo;
    private final Message other;

    private DrayCarrier(Mesh mesh, Map<String, Consumer<byte[]>> channels, String otherAgent) {
        this.mesh = mesh;
        this.channels = channels;
        this.echo = Message.to(otherAgent).type(ECHO);
        this.other = Message.to(otherAgent);
    }

    static DrayCarrier connect(String sidecar, boolean sink, boolean inline) {
        Map<String, Consumer<byte[]>> channels = new ConcurrentHashMap<>();
        AgentSpec spec = AgentSpec.named(sink ? "load-sink" : "load-source")
                .onMessage(ECHO, (message, context) -> context.reply(message.payload()))
                .onMessage((message, _) -> receive(channels, message));
        MeshConfig config = MeshConfig.defaults().withSidecar(sidecar).withInlineCallbacks(inline);
        Mesh mesh = Mesh.connect(inline ? spec.inlineHandlers() : spec, config);
        return new DrayCarrier(mesh, channels, sink ? "load-source" : "load-sink");
    }

    @Override
    public void echo() {
        // The handler is there from the start.
    }

    @Override
    public void receive(String channel, Consumer<byte[]> handler) {
        channels.put(channel, handler);
    }

    @Override
    public void request(byte[] payload, Consumer<@Nullable Throwable> done) {
        var _ = mesh.request(echo.payload(payload), REQUEST_TIMEOUT).whenComplete((_, failure) -> done.accept(failure));
    }

    @Override
    public void send(String channel, byte[] payload) {
        var _ = mesh.send(other.type(channel).payload(payload));
    }

    @Override
    public void close() {
        mesh.close();
    }

    private static void receive(Map<String, Consumer<byte[]>> channels, Message message) {
        Consumer<byte[]> handler = channels.get(message.type());
        if (handler != null) {
            handler.accept(message.payload().toByteArray());
        }
    }
}
