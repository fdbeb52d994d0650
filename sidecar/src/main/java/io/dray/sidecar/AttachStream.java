package io.dray.sidecar;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Attempt;
import io.dray.agent.v1.AttemptUpdate;
import io.dray.agent.v1.Ring;
import io.dray.core.net.Connection;
import io.dray.core.net.DeferredDrain;
import io.dray.core.wire.MeshError;
import io.dray.sidecar.Attaching.Attached;
import io.dray.sidecar.blob.ChunkView;
import io.dray.sidecar.frame.Frame;
import io.dray.sidecar.frame.FrameReader;
import io.dray.sidecar.frame.OutboundFrame;
import io.dray.sidecar.local.Attachment;
import io.dray.sidecar.local.LocalAgent;
import io.dray.types.v1.BlobWindow;
import io.dray.types.v1.Error;
import io.dray.types.v1.Window;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One Attach stream: waits for the hello, then carries frames both ways until either side ends it.
 *
 * <p>Everything runs on the loop of its connection, but what other loops ask for by {@link Attachment}.
 */
final class AttachStream extends ServerCall.Listener<Frame> implements Attachment {
    private static final int REQUESTED = 4;
    private static final int HELLO_SECONDS = 10;
    private static final AttachRequest NO_CONTROL = AttachRequest.getDefaultInstance();
    private static final byte[] RING_ROOM =
            AttachResponse.newBuilder().setRingRoom(true).build().toByteArray();

    private final ServerCall<Frame, OutboundFrame> call;
    private final Connection connection;
    private final ScheduledExecutorService loop;
    private final Attaching attaching;
    private final Consumer<AttachStream> onEnd;
    private final DeferredDrain drain;
    private final FrameReader<AttachRequest> frames;
    private final ChunkView chunk = new ChunkView();
    private final AttachWords words = new AttachWords();
    private final GrantedWindow granted;
    private final WithheldReads reads;
    private final StreamEnd end;
    private final StreamRings rings;
    private final ReadTurns turns;
    private @Nullable Attached attached;
    private boolean leaving;

    AttachStream(
            ServerCall<Frame, OutboundFrame> call,
            ScheduledExecutorService loop,
            Attaching attaching,
            Consumer<AttachStream> onEnd) {
        this.onEnd = onEnd;
        this.call = call;
        this.connection = Connection.of(call);
        this.loop = loop;
        this.attaching = attaching;
        this.drain = new DeferredDrain(loop, this::drain);
        this.frames = new FrameReader<>(
                AttachRequest.ENVELOPES_FIELD_NUMBER,
                AttachRequest.CHUNKS_FIELD_NUMBER,
                AttachRequest.parser(),
                NO_CONTROL,
                attaching.limits());
        this.granted = new GrantedWindow(attaching.sourceBytes());
        // What is not read may be the word that the agent's ring has room: without it, its counter tells.
        this.reads = new WithheldReads(loop, this::mayReadOn, call::request, this::drain);
        this.end = new StreamEnd(call, attaching::refused, this::detach);
        this.turns = attaching.turns(loop);
        this.rings = new StreamRings(attaching.rings(), this::offer);
        call.sendHeaders(new Metadata());
        call.request(REQUESTED);
        var _ = loop.schedule(this::expectHello, HELLO_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onMessage(Frame frame) {
        try {
            end.guard(() -> onArrived(frame));
        } finally {
            frame.release();
        }
        if (end.hasCome()) {
            return;
        }
        if (hasTooMuch(attaching.sourceBytes())) {
            // Read on once enough of what this sender has in the process has gone: see drain().
            reads.withhold();
        } else {
            turns.readOn(this::requestOne);
        }
    }

    @Override
    public void onReady() {
        drain.request();
    }

    @Override
    public void onHalfClose() {
        end.guard(this::leave);
        end.complete();
    }

    @Override
    public void onCancel() {
        end.cancelled();
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
    public void answer(Answer answer) {
        say(answer.getSerializedSize(), response -> response.addAnswers(answer));
    }

    @Override
    public void finished(Attempt attempt) {
        say(attempt.getSerializedSize(), response -> response.addFinished(attempt));
    }

    @Override
    public void allow(BlobWindow window) {
        say(window.getSerializedSize(), response -> response.addBlobWindows(window));
    }

    @Override
    public void end(Error error) {
        loop.execute(() -> end.refuse(error));
    }

    @Override
    public long nanosSinceHeard() {
        return connection.nanosSinceLastRead();
    }

    /** Says that the sidecar is about to stop. */
    void draining() {
        say(2, response -> response.setDraining(true));
    }

    private void onArrived(Frame arrived) {
        Frame read = rings.read(arrived);
        if (read == null) {
            onFrame(arrived);
            return;
        }
        turns.spend(read.length());
        try {
            onFrame(read);
        } finally {
            read.release();
        }
        if (rings.owesRoom()) {
            drain.request();
        }
    }

    private void onFrame(Frame frame) {
        AttachRequest request = frames.read(frame);
        Attached present = attached;
        if (present == null) {
            onFirst(request);
        } else if (request.hasHello()) {
            throw HelloCheck.expected("a second hello", "hello", "no hello after the first frame");
        } else {
            onControl(present, request);
            onEnvelopes(present, frame);
            if (frames.chunks() > 0) {
                frames.eachChunk(frame, (start, length) -> onChunk(present, frame, start, length));
            }
        }
    }

    private void onFirst(AttachRequest request) {
        if (!request.hasHello()) {
            throw HelloCheck.expected("the first frame must introduce the agent", "no hello", "hello alone");
        }
        if (!frames.holdsOneControlFieldAlone()) {
            throw HelloCheck.expected("the first frame holds more than the hello", "hello and others", "hello alone");
        }
        Attached now = attaching.attach(request.getHello(), connection, this);
        attached = now;
        boolean mapsRings = request.getHello().getVersion().getFeaturesList().contains(Attaching.RINGS);
        // Only a Unix socket tells that both are on one host.
        if (mapsRings && !connection.principal().isEmpty()) {
            rings.want();
        }
        AttachResponse welcome = AttachResponse.newBuilder()
                .setWelcome(now.welcome().setWindow(granted.window()))
                .build();
        call.sendMessage(OutboundFrame.of(welcome.toByteArray()));
        attaching.welcomed(now, request.getHello());
        drain.request();
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
        request.getReceiptsList().forEach(agent::onAnswer);
        request.getBlobWindowsList().forEach(agent.chunks()::onWindow);
        if (request.getReceiptsCount() > 0 && agent.mailbox().queuedEnvelopes() > 0) {
            drain.request();
        }
        for (AttemptUpdate update : request.getAttemptsList()) {
            attaching.workerUpdate(agent, update);
        }
        request.getRingAnswersList().forEach(rings::onAnswer);
        if (request.getRingRoom()) {
            drain.request();
        }
        if (request.getRingFrame() != 0) {
            throw StreamRings.notValid("ring_frame beside other fields", "ring_frame alone in its frame");
        }
        if (request.getGoodbye()) {
            leave();
        }
    }

    private void onChunk(Attached present, Frame frame, int start, int length) {
        if (!chunk.read(frame, start, length)) {
            throw ChunkView.notValid(length);
        }
        present.door().chunk(chunk);
    }

    private void onEnvelopes(Attached present, Frame frame) {
        long now = attaching.nowMicros();
        frames.rewind(frame);
        while (frames.nextEnvelope()) {
            int length = frames.envelopeLength();
            present.door().accept(frame, frames.rangeStart(), frames.envelopeStart(), length, now);
            granted.received(length);
        }
        present.door().flush();
        if (granted.widen()) {
            Window window = granted.window();
            say(window.getSerializedSize(), response -> response.setWindow(window));
        }
    }

    private void drain() {
        Attached present = attached;
        if (present != null) {
            end.guard(() -> {
                write(present);
                reads.look();
            });
        }
    }

    private void write(Attached present) {
        if (rings.owesRoom() && call.isReady()) {
            rings.saidRoom();
            call.sendMessage(OutboundFrame.of(RING_ROOM));
        }
        while (call.isReady() && rings.hasRoom()) {
            OutboundFrame frame = present.writer().next(words.take(), attaching.nowMicros());
            if (frame == null) {
                break;
            }
            call.sendMessage(rings.write(frame));
            present.writer().clear();
        }
        present.agent().mailbox().settle();
    }

    private boolean mayReadOn() {
        return attached != null && !hasTooMuch(attaching.sourceBytes() / 2);
    }

    private boolean hasTooMuch(long bytes) {
        Attached present = attached;
        return present != null && (present.agent().overBudget(bytes) || words.isCrowded());
    }

    private void say(int bytes, Consumer<AttachResponse.Builder> said) {
        words.add(bytes, said);
        drain.request();
    }

    private void requestOne() {
        if (!end.hasCome()) {
            call.request(1);
        }
    }

    private void offer(Ring ring) {
        say(ring.getSerializedSize(), response -> response.addRings(ring));
    }

    private void expectHello() {
        if (attached == null) {
            String late = "no hello came within " + HELLO_SECONDS + " s";
            end.refuse(MeshError.from(HelloCheck.expected(late, "nothing", "hello alone as the first frame")));
        }
    }

    private void leave() {
        Attached present = attached;
        if (present != null && !leaving) {
            leaving = true;
            attaching.leave(present);
        }
    }

    private void detach() {
        onEnd.accept(this);
        reads.forget();
        rings.close();
        Attached present = attached;
        attached = null;
        if (present != null) {
            present.door().close();
            attaching.detach(present, this, leaving);
        }
    }
}
