package io.dray.sidecar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.core.net.Connection;
import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.FrameWalker;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.Attaching.Attached;
import io.dray.sidecar.frame.ControlFields;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.local.Attachment;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.Mailbox;
import io.dray.sidecar.queue.Levels;
import io.dray.sidecar.queue.Refusals;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.Window;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Attach stream: waits for the hello, then carries frames both ways until either side ends it.
 *
 * <p>Everything runs on the loop of its connection, but what other loops ask for by {@link Attachment}.
 */
final class AttachStream extends ServerCall.Listener<Frame> implements Attachment {
    private static final Logger log = LoggerFactory.getLogger(AttachStream.class);
    private static final int REQUESTED = 4;
    private static final int HELLO_SECONDS = 10;
    private static final long WINDOW_MESSAGES = 64 * 1024;
    private static final AttachRequest NO_CONTROL = AttachRequest.getDefaultInstance();

    private final ServerCall<Frame, OutboundFrame> call;
    private final Connection connection;
    private final EventLoop loop;
    private final Attaching attaching;
    private final Consumer<AttachStream> onEnd;
    private final DeferredDrain drain;
    private final FrameWalker walker = new FrameWalker();
    private final AttachWords words = new AttachWords();
    private final WithheldReads reads;
    private @Nullable Attached attached;
    private boolean closed;
    private boolean leaving;
    private long receivedMessages;
    private long receivedBytes;
    private long grantedMessages;
    private long grantedAtBytes;

    AttachStream(
            ServerCall<Frame, OutboundFrame> call, EventLoop loop, Attaching attaching, Consumer<AttachStream> onEnd) {
        this.onEnd = onEnd;
        this.call = call;
        this.connection = Connection.of(call);
        this.loop = loop;
        this.attaching = attaching;
        this.drain = new DeferredDrain(loop, this::drain);
        this.reads = new WithheldReads(loop, this::mayReadOn, call::request);
        call.sendHeaders(new Metadata());
        call.request(REQUESTED);
        var _ = loop.schedule(this::expectHello, HELLO_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onMessage(Frame frame) {
        try {
            if (!closed) {
                onFrame(frame);
            }
        } catch (RuntimeException e) {
            failed(e);
        } finally {
            frame.release();
        }
        if (closed) {
            return;
        }
        Attached present = attached;
        if (present != null && present.agent().overBudget(attaching.sourceBytes())) {
            // Read on once enough of what this sender has in the process has gone: see drain().
            reads.withhold();
        } else {
            call.request(1);
        }
    }

    @Override
    public void onReady() {
        drain.request();
    }

    @Override
    public void onHalfClose() {
        if (!closed) {
            leave();
            closed = true;
            call.close(Status.OK, new Metadata());
            detach();
        }
    }

    @Override
    public void onCancel() {
        closed = true;
        detach();
    }

    @Override
    public void wake() {
        drain.request();
    }

    @Override
    public void assign(Assignment assignment) {
        say(assignment.getSerializedSize(), response -> response.addAssignments(assignment));
    }

    @Override
    public void cancel(Attempt attempt) {
        say(attempt.getSerializedSize(), response -> response.addCancels(attempt));
    }

    @Override
    public void finished(Attempt attempt) {
        say(attempt.getSerializedSize(), response -> response.addFinished(attempt));
    }

    @Override
    public void end(Error error) {
        loop.execute(() -> refuse(error));
    }

    @Override
    public long nanosSinceHeard() {
        return connection.nanosSinceLastRead();
    }

    /** Says that the sidecar is about to stop. */
    void draining() {
        say(2, response -> response.setDraining(true));
    }

    private void onFrame(Frame frame) {
        AttachRequest request;
        try {
            request = control(frame);
        } catch (InvalidProtocolBufferException e) {
            refuse(MeshError.of(
                    Code.CODE_BAD_FRAME,
                    "the stream message is not an AttachRequest: " + e.getMessage(),
                    frame.length() + " B",
                    "a protobuf message of that type"));
            return;
        }
        if (attached == null) {
            onFirst(request);
        } else if (request.hasHello()) {
            refuse(MeshError.of(Code.CODE_HELLO_EXPECTED, "a second hello", "hello", "no hello after the first frame"));
        } else {
            onNext(attached, request, frame);
        }
    }

    private void onNext(Attached present, AttachRequest request, Frame frame) {
        try {
            onControl(present, request);
        } catch (StatusRuntimeException e) {
            refuse(MeshError.from(e));
            return;
        }
        onEnvelopes(present, frame);
    }

    /** Parses everything but the envelopes; most frames have nothing else. */
    private AttachRequest control(Frame frame) throws InvalidProtocolBufferException {
        return ControlFields.parse(
                walker, frame, AttachRequest.ENVELOPES_FIELD_NUMBER, AttachRequest.parser(), NO_CONTROL);
    }

    private void onFirst(AttachRequest request) {
        if (!request.hasHello()) {
            refuse(MeshError.of(
                    Code.CODE_HELLO_EXPECTED, "the first frame must introduce the agent", "no hello", "hello alone"));
            return;
        }
        try {
            Attached now = attaching.attach(request.getHello(), connection, this);
            attached = now;
            grantedMessages = WINDOW_MESSAGES;
            Window window = Window.newBuilder()
                    .setMessages(grantedMessages)
                    .setBytes(attaching.sourceBytes())
                    .build();
            AttachResponse welcome = AttachResponse.newBuilder()
                    .setWelcome(now.welcome().setWindow(window))
                    .build();
            send(OutboundFrame.of(welcome.toByteArray()));
            attaching.welcomed(now, request.getHello());
            drain.request();
        } catch (StatusRuntimeException e) {
            refuse(MeshError.from(e));
        }
    }

    @SuppressWarnings("ReferenceEquality") // the one instance that stands for nothing to do
    private void onControl(Attached present, AttachRequest request) {
        if (request == NO_CONTROL) {
            return;
        }
        LocalAgent agent = present.agent();
        if (request.getSubscriptionsCount() > 0) {
            attaching.subscribe(agent, request.getSubscriptionsList());
        }
        if (request.hasWindow()) {
            agent.mailbox().onWindow(request.getWindow());
            drain.request();
        }
        request.getReceiptsList().forEach(receipt -> onReceipt(agent.mailbox(), receipt));
        if (request.getReceiptsCount() > 0 && agent.mailbox().queuedEnvelopes() > 0) {
            drain.request();
        }
        for (AttemptUpdate update : request.getAttemptsList()) {
            attaching.workerUpdate(agent, update);
        }
        if (request.getGoodbye()) {
            leave();
        }
    }

    /** Only DONE and REFUSED end a delivery; what else an agent may say of one is not for its sender. */
    private static void onReceipt(Mailbox mailbox, Receipt receipt) {
        int level = receipt.getLevelValue();
        if (level == Levels.DONE || level == Levels.REFUSED) {
            Error error = receipt.hasError() ? Refusals.bounded(receipt.getError()) : null;
            mailbox.onReceipt(receipt.getFirst(), Levels.count(receipt), level, error);
        }
    }

    private void onEnvelopes(Attached present, Frame frame) {
        long now = attaching.nowMicros();
        int left = attaching.limits().maxEnvelopesPerFrame();
        walker.start(frame.bytes(), 0, frame.length());
        while (walker.next()) {
            if (walker.field() != AttachRequest.ENVELOPES_FIELD_NUMBER) {
                continue;
            }
            if (left-- == 0) {
                refuse(tooMany());
                return;
            }
            int length = walker.contentLength();
            present.door().accept(frame, walker.fieldStart(), walker.contentStart(), length, now);
            receivedMessages++;
            receivedBytes += length;
        }
        grantMore();
    }

    private Error tooMany() {
        int most = attaching.limits().maxEnvelopesPerFrame();
        return MeshError.of(
                Code.CODE_TOO_MANY, "a frame with too many envelopes", "over " + most, "at most " + most + " a frame");
    }

    /** Widens the window before it is used up; reading stops by the source's budget, not by the window. */
    private void grantMore() {
        if (grantedMessages - receivedMessages < WINDOW_MESSAGES / 2
                || grantedBytes() - receivedBytes < attaching.sourceBytes() / 2) {
            grantedMessages = receivedMessages + WINDOW_MESSAGES;
            grantedAtBytes = receivedBytes;
            Window window = Window.newBuilder()
                    .setMessages(grantedMessages)
                    .setBytes(grantedBytes())
                    .build();
            say(window.getSerializedSize(), response -> response.setWindow(window));
        }
    }

    private long grantedBytes() {
        return grantedAtBytes + attaching.sourceBytes();
    }

    private void drain() {
        Attached present = attached;
        if (closed || present == null) {
            return;
        }
        try {
            write(present);
            reads.look();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void write(Attached present) {
        while (call.isReady()) {
            OutboundFrame frame = present.writer().next(words.take(), attaching.nowMicros());
            if (frame == null) {
                break;
            }
            send(frame);
            present.writer().clear();
        }
        present.agent().mailbox().settle();
    }

    private boolean mayReadOn() {
        Attached present = attached;
        return present != null && !present.agent().overBudget(attaching.sourceBytes() / 2);
    }

    private void send(OutboundFrame frame) {
        call.sendMessage(frame);
    }

    private void say(int bytes, Consumer<AttachResponse.Builder> said) {
        words.add(bytes, said);
        drain.request();
    }

    private void expectHello() {
        if (attached == null && !closed) {
            refuse(MeshError.of(
                    Code.CODE_HELLO_EXPECTED,
                    "no hello came within " + HELLO_SECONDS + " s",
                    "nothing",
                    "hello alone as the first frame"));
        }
    }

    private void leave() {
        Attached present = attached;
        if (present != null && !leaving) {
            leaving = true;
            attaching.leave(present);
        }
    }

    private void refuse(Error error) {
        if (closed) {
            return;
        }
        closed = true;
        StatusRuntimeException status = MeshError.toStatus(error);
        Metadata trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        attaching.refused(error);
        detach();
    }

    /** A fault of the sidecar's own ends this stream and no other. */
    private void failed(RuntimeException fault) {
        log.error("attach stream failed", fault);
        refuse(MeshError.of(Code.CODE_INTERNAL, "the sidecar failed on this stream; see its log", "", ""));
    }

    private void detach() {
        onEnd.accept(this);
        reads.forget();
        Attached present = attached;
        attached = null;
        if (present != null) {
            attaching.detach(present, this, leaving);
        }
    }
}
