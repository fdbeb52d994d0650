package io.dray.cli.door;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * An attachment to one sidecar for the length of a command: payloads that are too large for a call of the unary door
 * travel as chunks, which only an attached agent has. Thread-safe.
 */
public final class LargeDoor implements AutoCloseable {
    /** Agent name of the command. */
    private static final String AGENT = "cli";

    private static final Duration CONNECT = Duration.ofSeconds(5);

    private final Mesh mesh;

    private LargeDoor(Mesh mesh) {
        this.mesh = mesh;
    }

    /**
     * Attaches at {@code unix:/path} or {@code host:port}.
     *
     * @throws CommandException USAGE if it is neither
     */
    public static LargeDoor to(String endpoint) {
        var timeouts = new MeshConfig.Timeouts(CONNECT, Duration.ofSeconds(30), Duration.ofSeconds(1));
        MeshConfig config = MeshConfig.defaults().withTimeouts(timeouts).withPayloadBytes(maxReplyBytes());
        try {
            return new LargeDoor(Mesh.connect(AgentSpec.named(AGENT), config.withSidecar(endpoint)));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The largest reply that this process holds: it comes into the heap, unlike what is sent of a file. */
    private static long maxReplyBytes() {
        return Runtime.getRuntime().maxMemory() / 2;
    }

    /** Sends and waits for that level, at least until all of the payload was delivered. */
    public Sent send(Message message, ReceiptLevel level) {
        boolean isDone = level == ReceiptLevel.RECEIPT_LEVEL_DONE;
        ReceiptLevel wish = isDone ? level : ReceiptLevel.RECEIPT_LEVEL_DELIVERED;
        var handle = mesh.send(message.receipt(wish));
        try {
            var receipt = (isDone ? handle.done() : handle.delivered()).join();
            return new Sent(receipt.id(), receipt.level());
        } catch (CompletionException e) {
            throw e.getCause() instanceof MeshException refused ? refused : e;
        }
    }

    /** What was sent and how far it came. */
    public record Sent(MessageId id, ReceiptLevel level) {}

    /** Asks and waits for the reply. */
    public Message request(Message message, Duration timeout) {
        return mesh.requestBlocking(message, timeout);
    }

    @Override
    public void close() {
        mesh.close();
    }
}
