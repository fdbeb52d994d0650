package io.dray.agent.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.MessageContext;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import java.time.Instant;
import java.util.Optional;

/** What a handler in a fake mesh has around its message. */
final class FakeContext implements MessageContext {
    private final FakeAgent agent;
    private final Envelope envelope;
    private final FakeReceipts sender;
    private final FakeMesh mesh;

    FakeContext(FakeAgent agent, Envelope envelope, FakeReceipts sender, FakeMesh mesh) {
        this.agent = agent;
        this.envelope = envelope;
        this.sender = sender;
        this.mesh = mesh;
    }

    @Override
    public Mesh mesh() {
        return agent;
    }

    @Override
    public boolean isRequest() {
        return envelope.getKind() == Kind.KIND_REQUEST;
    }

    @Override
    public Optional<Instant> deadline() {
        long micros = envelope.getDeadlineUnixMicros();
        return micros == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(micros / 1_000));
    }

    @Override
    public int attempt() {
        return 0;
    }

    @Override
    public boolean isCancelled() {
        return isRequest() && sender.reply().isCancelled();
    }

    @Override
    public void reply(Object content) {
        Message message = content(content);
        var reply = message.envelope().toBuilder()
                .setTo(Addresses.instance(envelope.getFrom()))
                .setFrom(agent.instance())
                .setKind(Kind.KIND_REPLY)
                .setCauseSession(envelope.getSession())
                .setCauseSequence(envelope.getSequence())
                .build();
        mesh.run(() -> sender.onReply(reply));
    }

    @Override
    public void fail(Code code, String message) {
        sender.reply().completeExceptionally(new MeshException(MeshError.of(code, message)));
    }

    private static Message content(Object content) {
        return switch (content) {
            case Message message -> message;
            case byte[] bytes -> Message.content().payload(bytes);
            case ByteString bytes -> Message.content().payload(bytes);
            case String text -> Message.content().payload(text);
            case MessageLite message -> Message.content().payload(message);
            default -> throw new IllegalArgumentException("no reply: " + content.getClass());
        };
    }
}
