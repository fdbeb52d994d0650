package io.dray.agent.testing;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.MessageHandler;
import io.dray.agent.SendHandle;
import io.dray.agent.Subscription;
import io.dray.agent.TaskHandle;
import io.dray.agent.TaskRequest;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One agent attached to a fake mesh. */
final class FakeAgent implements Mesh {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private final FakeMesh mesh;
    private final AgentSpec spec;
    private final String instance;
    private final long session;
    private final List<AgentSpec.Topic> topics = new ArrayList<>();
    private long sequence;
    private boolean isClosed;

    FakeAgent(FakeMesh mesh, AgentSpec spec, String instance, long session) {
        this.mesh = mesh;
        this.spec = spec;
        this.instance = instance;
        this.session = session;
        this.topics.addAll(spec.topics());
    }

    AgentSpec spec() {
        return spec;
    }

    List<AgentSpec.Topic> subscriptions(String topic) {
        return topics.stream()
                .filter(subscription -> matches(subscription.pattern(), topic))
                .toList();
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public String node() {
        return mesh.node();
    }

    @Override
    public SendHandle send(Message message) {
        return send(message, Kind.KIND_EVENT, message.deadline().orElse(Duration.ZERO));
    }

    @Override
    public CompletableFuture<Message> request(Message message, Duration timeout) {
        FakeReceipts receipts = send(message, Kind.KIND_REQUEST, timeout);
        mesh.at(
                mesh.now().plus(timeout),
                () -> receipts.onRefused(MeshError.of(Code.CODE_EXPIRED, "Nobody answered in time.")));
        return receipts.reply();
    }

    @Override
    public CompletableFuture<Message> request(Message message) {
        return request(message, REQUEST_TIMEOUT);
    }

    /** Returns the reply; when nobody has answered at once nobody will, since time stands still. */
    @Override
    public Message requestBlocking(Message message, Duration timeout) {
        if (mesh.isRunning()) {
            throw new IllegalStateException("a handler cannot wait for another one in a FakeMesh: use request(...)");
        }
        var reply = request(message, timeout);
        if (!reply.isDone()) {
            mesh.advance(timeout);
        }
        try {
            return reply.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MeshException refused ? new MeshException(refused.error(), e) : e;
        }
    }

    @Override
    public SendHandle publish(String topic, Message message) {
        return send(message.readdress(Addresses.topic(topic)));
    }

    @Override
    public Subscription subscribe(String pattern, String queueGroup, MessageHandler handler) {
        var topic = new AgentSpec.Topic(pattern, queueGroup, handler);
        topics.add(topic);
        return new FakeSubscription(pattern, queueGroup, () -> topics.remove(topic));
    }

    @Override
    public TaskHandle submit(TaskRequest task) {
        requireOpen();
        return mesh.tasks().submit(task);
    }

    @Override
    public List<TaskHandle> submitAll(List<TaskRequest> tasks) {
        return tasks.stream().map(this::submit).toList();
    }

    @Override
    public TaskHandle task(String taskId) {
        return mesh.tasks().known(taskId);
    }

    @Override
    public void close() {
        isClosed = true;
        mesh.detach(instance);
    }

    void handle(Envelope envelope, FakeReceipts sender) {
        var context = new FakeContext(this, envelope, sender, mesh);
        var handlers = spec.messageHandlers(envelope.getType());
        sender.onDelivered();
        if (handlers.isEmpty()) {
            sender.onRefused(MeshError.of(Code.CODE_NO_HANDLER, "The agent has no handler.", envelope.getType(), ""));
            return;
        }
        var message = Message.received(envelope, HopNote.getDefaultInstance());
        try {
            for (MessageHandler handler : handlers) {
                handler.handle(message, context);
            }
            sender.onDone();
        } catch (MeshException e) {
            sender.onRefused(e.error());
        } catch (Exception e) {
            sender.onRefused(MeshError.of(Code.CODE_HANDLER_FAILED, "The handler threw.", e.toString(), ""));
        }
    }

    /** Handles what was published; the publisher hears nothing of a failure, so the test does. */
    void handleTopic(Envelope envelope, MessageHandler handler) {
        var context = new FakeContext(this, envelope, new FakeReceipts(new MessageId(0, 0)), mesh);
        try {
            handler.handle(Message.received(envelope, HopNote.getDefaultInstance()), context);
        } catch (Exception e) {
            throw new AssertionError("the handler of topic " + envelope.getTo().getTopic() + " threw", e);
        }
    }

    private FakeReceipts send(Message message, Kind kind, Duration timeout) {
        requireOpen();
        Addresses.check(message.to()).ifPresent(error -> {
            throw new MeshException(error);
        });
        long number = ++sequence;
        var envelope = message.envelope().toBuilder()
                .setFrom(instance)
                .setSession(session)
                .setSequence(number)
                .setKind(kind);
        if (!timeout.isZero()) {
            envelope.setDeadlineUnixMicros(mesh.now().plus(timeout).toEpochMilli() * 1_000);
        }
        var receipts = new FakeReceipts(new MessageId(session, number));
        mesh.run(() -> mesh.deliver(envelope.build(), receipts));
        return receipts;
    }

    private void requireOpen() {
        if (isClosed) {
            throw new MeshException(MeshError.of(Code.CODE_DRAINING, "This mesh is closed."));
        }
    }

    private static boolean matches(String pattern, String topic) {
        String[] wanted = pattern.split("\\.", -1);
        String[] tokens = topic.split("\\.", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals(">")) {
                return tokens.length > i;
            }
            if (i >= tokens.length || !(wanted[i].equals("*") || wanted[i].equals(tokens[i]))) {
                return false;
            }
        }
        return wanted.length == tokens.length;
    }

    private record FakeSubscription(String pattern, String queueGroup, Runnable remove) implements Subscription {
        @Override
        public void close() {
            remove.run();
        }
    }
}
