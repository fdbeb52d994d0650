package io.dray.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Hello;
import io.dray.agent.v1.Welcome;
import io.dray.core.net.Backoff;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mesh as the sidecar of this host offers it: composes stream, outbox, inbox and tasks, and passes what the stream
 * says on to them. Thread-safe.
 */
final class AttachedMesh implements Mesh, StreamOwner {
    private static final Logger LOGGER = LoggerFactory.getLogger(AttachedMesh.class);
    private static final Callbacks INLINE = new Callbacks(true);

    private final AgentSpec agent;
    private final MeshConfig config;
    private final Wiring wiring;
    private final Callbacks callbacks;
    private final Topics topics;
    private final ReceiptRuns receipts = new ReceiptRuns();
    private final ReceiveWindow window;
    private final IncomingBlobs blobs;
    private final TaskRunner taskRunner;
    private final Introduction introduction;
    private final SidecarStream stream;
    private final Outbox outbox;
    private final Drafts drafts;
    private final Inbox inbox;
    private final TaskWatcher taskWatcher;
    private final TaskClient taskClient;
    private final RareWarning repliesRefused;
    private final CompletableFuture<Session> firstAttachment = new CompletableFuture<>();
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private volatile @Nullable Session session;

    /** What an attachment stands on; tests give their own. */
    record Wiring(Loop loop, ManagedChannel channel, RandomGenerator random) {}

    AttachedMesh(AgentSpec agent, MeshConfig config, Wiring wiring) {
        this.agent = agent;
        this.config = config;
        this.wiring = wiring;
        this.callbacks = new Callbacks(config.inlineCallbacks());
        var loop = wiring.loop;
        this.repliesRefused = new RareWarning(loop.nanoTime(), LOGGER::warn);
        var timers = new Timers(loop);
        this.topics = new Topics(agent.topics());
        this.window = new ReceiveWindow(loop.nanoTime(), this::isOutboxFull);
        this.taskRunner = new TaskRunner(loop, timers, agent, this::requestDrain, () -> this);
        this.blobs = new IncomingBlobs(loop, config.buffers().payload(), this::requestDrain);
        this.introduction = new Introduction(agent, loop, topics, taskRunner);
        this.stream = new SidecarStream(
                loop, wiring.channel, new Backoff(Duration.ofMillis(20), Duration.ofSeconds(1), wiring.random), this);
        this.outbox = new Outbox(
                config.buffers(),
                loop,
                timers,
                new ResendPause(wiring.random),
                this::onRefused,
                stream,
                List.of(stream, topics, receipts, window, blobs, taskRunner));
        this.drafts =
                new Drafts(outbox::nowMicros, outbox.unfinished(), config.requestTimeout(), callbacks, this::limits);
        this.inbox = new Inbox(
                agent,
                config.concurrency(),
                topics,
                outbox,
                drafts,
                new Inbox.Parts(receipts, window, blobs),
                () -> this);
        this.taskWatcher = new TaskWatcher(loop, wiring.channel, callbacks, wiring.random);
        this.taskClient = new TaskClient(loop, wiring.channel, taskWatcher, config.requestTimeout(), wiring.random);
    }

    /** Attaches, and waits for the Welcome. */
    AttachedMesh attach() {
        wiring.loop.run(stream::connect);
        try {
            var _ = firstAttachment.get(config.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
            return this;
        } catch (TimeoutException _) {
            wiring.loop.run(() -> stream.end(Errors.closed()));
            throw new MeshException(Errors.unreachable(config.connectTimeout(), config.sidecar(), stream.lastLoss()));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MeshException refused
                    ? new MeshException(refused.error(), e)
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            wiring.loop.run(() -> stream.end(Errors.closed()));
            throw new MeshException(Errors.interrupted());
        }
    }

    @Override
    public String instance() {
        return attachedSession().instance();
    }

    @Override
    public String node() {
        return attachedSession().node();
    }

    @Override
    public SendHandle send(Message message) {
        Outgoing event = drafts.event(message);
        enter(event);
        return event;
    }

    @Override
    public CompletableFuture<Message> request(Message message, Duration timeout) {
        return request(message, timeout, callbacks);
    }

    @Override
    public CompletableFuture<Message> request(Message message) {
        return request(message, config.requestTimeout());
    }

    @Override
    public Message requestBlocking(Message message, Duration timeout) {
        if (!wiring.loop.mayWait()) {
            throw new IllegalStateException("requestBlocking waits and may not be called on an event loop");
        }
        // Nothing but this thread hangs on the future, so the loop may complete it.
        var reply = request(message, timeout, INLINE);
        try {
            return reply.get();
        } catch (InterruptedException _) {
            reply.cancel(true);
            Thread.currentThread().interrupt();
            throw new MeshException(Errors.interrupted());
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MeshException refused
                    ? new MeshException(refused.error(), e)
                    : new IllegalStateException(e.getCause());
        }
    }

    @Override
    public SendHandle publish(String topic, Message message) {
        return send(message.readdress(Addresses.topic(topic)));
    }

    @Override
    public Subscription subscribe(String pattern, String queueGroup, MessageHandler handler) {
        Runnable remove = topics.add(pattern, queueGroup, handler);
        outbox.requestDrain();
        return new TopicSubscription(pattern, queueGroup, () -> {
            remove.run();
            outbox.requestDrain();
        });
    }

    @Override
    public TaskHandle submit(TaskRequest task) {
        return submitAll(List.of(task)).getFirst();
    }

    @Override
    public List<TaskHandle> submitAll(List<TaskRequest> tasks) {
        if (isClosing.get()) {
            throw new MeshException(Errors.closed());
        }
        return taskClient.submit(tasks);
    }

    @Override
    public TaskHandle task(String taskId) {
        return taskClient.known(taskId, "", false);
    }

    @Override
    public void close() {
        if (!isClosing.compareAndSet(false, true)) {
            return;
        }
        new Farewell(agent.name(), wiring.loop, stream, outbox, inbox.threads(), taskRunner).say(config.closeTimeout());
        wiring.channel.shutdownNow();
    }

    @Override
    public Hello hello(int number, @Nullable Session resumed) {
        receipts.restart(number);
        inbox.restart(number);
        return introduction.hello(
                Optional.ofNullable(session).map(Session::suffix),
                Optional.ofNullable(resumed),
                window.restart(number));
    }

    @Override
    public void onAttached(Session attached, boolean isResumed, Welcome welcome) {
        session = attached;
        outbox.onAttached(
                attached, welcome.getReceivedThrough(), isResumed, welcome.hasWindow() ? welcome.getWindow() : null);
        taskRunner.onAttached();
        LOGGER.debug("Attached as {}", attached.instance());
        firstAttachment.complete(attached);
    }

    @Override
    public void onFrame(ReceivedFrame received) throws InvalidProtocolBufferException {
        AttachResponse frame = received.control();
        if (frame.hasWindow() && !frame.hasWelcome()) {
            outbox.window().update(frame.getWindow());
            outbox.requestDrain();
        }
        frame.getFlowsList().forEach(outbox.destinations()::onFlow);
        for (Receipt receipt : frame.getReceiptsList()) {
            outbox.unfinished().onReceipt(receipt);
        }
        frame.getFinishedList().forEach(taskRunner::onFinished);
        frame.getCancelsList().forEach(taskRunner::onCancel);
        frame.getAnswersList().forEach(taskRunner::onAnswer);
        frame.getAssignmentsList().forEach(taskRunner::onAssignment);
        if (frame.getBlobWindowsCount() > 0) {
            frame.getBlobWindowsList().forEach(outbox.blobs()::onWindow);
            outbox.requestDrain();
        }
        inbox.onFrame(received);
        inbox.onChunks(received);
        if (frame.getEcho() != 0) {
            outbox.requestDrain();
        }
    }

    @Override
    public void onReady() {
        outbox.requestDrain();
    }

    @Override
    public void onDetached(Error reason) {
        if (!isClosing.get()) {
            LOGGER.info("Detached from the sidecar, attaching again: {}", reason.getMessage());
        }
        outbox.unfinished().onDetached();
        taskRunner.onDetached();
    }

    @Override
    public void onEnded(Error reason) {
        outbox.end(reason);
        taskWatcher.end(reason);
        taskRunner.cancelAll();
        firstAttachment.completeExceptionally(new MeshException(reason));
    }

    private CompletableFuture<Message> request(Message message, Duration timeout, Callbacks completion) {
        var reply = new ReplyFuture(completion);
        Outgoing request = drafts.request(message, timeout, reply);
        reply.onCancel(() -> wiring.loop.run(() -> cancel(request)));
        enter(request);
        return reply;
    }

    private void enter(Outgoing message) {
        if (isClosing.get()) {
            throw new MeshException(Errors.closed());
        }
        outbox.send(message, config.onFull(), config.requestTimeout().toNanos());
    }

    private void cancel(Outgoing request) {
        if (outbox.unfinished().cancel(request)) {
            outbox.queue(drafts.cancel(request));
        }
    }

    private void onRefused(MessageId id, Error error, @Nullable Outgoing reply) {
        if (reply == null) {
            LOGGER.debug("Refused: {} {} {}", id, error.getCode(), error.getMessage());
        } else {
            Error told = Errors.replyRefused(error);
            repliesRefused.warn(new MeshException(told).getMessage() + " The requester is told so.");
            outbox.queue(drafts.failure(reply, told));
        }
        agent.refusalListener().ifPresent(listener -> callbacks.run(() -> listener.onRefused(id, error)));
    }

    private boolean isOutboxFull() {
        return outbox.isFull();
    }

    private void requestDrain() {
        outbox.requestDrain();
    }

    private Session.SendLimits limits() {
        Session current = session;
        return current == null ? Session.SendLimits.DEFAULTS : current.limits();
    }

    private Session attachedSession() {
        Session current = session;
        if (current == null) {
            throw new IllegalStateException("not attached yet");
        }
        return current;
    }
}
