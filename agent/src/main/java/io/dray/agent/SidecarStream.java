package io.dray.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.core.net.Backoff;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Attach stream, opened again whenever it ends. Belongs to the loop, on which all calls of its owner run too.
 *
 * <pre>
 *   CONNECTING --onWelcome--> ATTACHED --onLost--> PAUSED --connect--> CONNECTING
 *        |  +------onLost----------------------------^       (PAUSED: back-off)
 *        +--fail (refused for good)--> ENDED <--leave, end-- any
 * </pre>
 */
final class SidecarStream implements SidecarPort, FramePart {
    private static final Logger LOGGER = LoggerFactory.getLogger(SidecarStream.class);
    private static final long WELCOME_SECONDS = 5;
    private static final int ECHO_BYTES = 12;
    private static final AttachRequest ROOM =
            AttachRequest.newBuilder().setRingRoom(true).build();

    /** Refusals that trying again does not help. */
    private static final Set<Code> FINAL = Set.of(
            Code.CODE_UNSUPPORTED_VERSION,
            Code.CODE_UNIMPLEMENTED,
            Code.CODE_BAD_NAME,
            Code.CODE_TOO_MANY,
            Code.CODE_MISSING_FIELD,
            Code.CODE_HELLO_EXPECTED,
            Code.CODE_INVALID_REQUEST,
            Code.CODE_FORGED_SENDER);

    private enum State {
        CONNECTING,
        ATTACHED,
        PAUSED,
        LEAVING,
        ENDED
    }

    private final Loop loop;
    private final ManagedChannel channel;
    private final Backoff backoff;
    private final StreamOwner owner;
    private final ReceivedFrame frame = new ReceivedFrame();
    private final Rings rings = new Rings();
    private State state = State.PAUSED;
    private @Nullable Call call;
    private @Nullable Session session;
    private Error lastLoss = MeshError.of(Code.CODE_UNREACHABLE, "It has not answered yet.");
    private int streams;
    private long echo;
    private boolean goodbye;

    SidecarStream(Loop loop, ManagedChannel channel, Backoff backoff, StreamOwner owner) {
        this.loop = loop;
        this.channel = channel;
        this.backoff = backoff;
        this.owner = owner;
    }

    /** Opens a stream; the first time by its owner, then by itself. */
    void connect() {
        if (state != State.PAUSED) {
            return;
        }
        state = State.CONNECTING;
        // A channel that failed waits up to two minutes before it tries again by itself.
        channel.resetConnectBackoff();
        var opened = new Call();
        call = opened;
        var _ = ClientCalls.asyncBidiStreamingCall(channel.newCall(AttachMethod.FRAMES, CallOptions.DEFAULT), opened);
        opened.requests()
                .onNext(OutFrame.of(AttachRequest.newBuilder()
                        .setHello(owner.hello(++streams, session))
                        .build()));
        later(opened::giveUp, TimeUnit.SECONDS.toNanos(WELCOME_SECONDS));
    }

    /** Returns why the last stream ended, or could not be opened. */
    Error lastLoss() {
        return lastLoss;
    }

    /** Whether it has ended for good. */
    boolean isEnded() {
        return state == State.ENDED;
    }

    /** Says goodbye in the next frame. */
    void sayGoodbye() {
        goodbye = true;
    }

    /** Ends the stream in good order; the owner hears of its end. */
    void leave() {
        if (state == State.ATTACHED && call != null) {
            state = State.LEAVING;
            call.requests().onCompleted();
            return;
        }
        end(Errors.closed());
    }

    /** Ends at once, in whatever state; does nothing when it has ended. */
    void end(Error reason) {
        if (state == State.ENDED) {
            return;
        }
        boolean wasAttached = state == State.ATTACHED;
        state = State.ENDED;
        Call open = call;
        call = null;
        rings.close();
        if (open != null) {
            open.requests().cancel("the agent leaves", null);
        }
        if (wasAttached) {
            owner.onDetached(reason);
        }
        owner.onEnded(reason);
    }

    @Override
    public boolean isReady() {
        if (state != State.ATTACHED || call == null || !call.requests().isReady()) {
            return false;
        }
        boolean hasRoom = rings.hasRoom();
        if (rings.isCut()) {
            LOGGER.warn("The file of a ring was cut short; attaching again");
            call.requests().cancel("the file of a ring was cut short", null);
        }
        return hasRoom;
    }

    @Override
    public void write(OutFrame frame) {
        if (call != null) {
            rings.write(frame);
            call.requests().onNext(frame);
        }
    }

    @Override
    public int moveTo(AttachRequest.Builder frame, int room) {
        if (echo == 0 && !goodbye) {
            return 0;
        }
        frame.setEcho(echo).setGoodbye(goodbye);
        echo = 0;
        goodbye = false;
        return ECHO_BYTES;
    }

    private void onFrame(Call from, InFrame bytes) {
        int inRing = take(from, bytes);
        if (inRing == 0) {
            return;
        }
        InFrame read = rings.read(inRing);
        if (read == null || take(from, read) != 0) {
            breakOff(from, "a frame of " + inRing + " bytes is not in the ring");
        }
        sayRoom();
    }

    /** Takes a frame and gives its bytes back; returns the length of the one in the ring that it stands for, or 0. */
    private int take(Call from, InFrame bytes) {
        try {
            if (from != call) {
                return 0;
            }
            frame.start(bytes);
            if (state == State.CONNECTING) {
                onWelcome(from, frame.control());
            } else if (frame.control().getRingFrame() != 0) {
                return frame.control().getRingFrame();
            } else {
                onControl(from, frame.control());
            }
            if (from == call && state != State.CONNECTING) {
                owner.onFrame(frame);
            }
        } catch (InvalidProtocolBufferException e) {
            breakOff(from, e.getMessage());
        } finally {
            frame.clear();
            bytes.release();
        }
        return 0;
    }

    private static void breakOff(Call from, @Nullable String why) {
        LOGGER.warn("The sidecar sent a frame that cannot be read; attaching again: {}", why);
        from.requests().cancel("the frame cannot be read: " + why, null);
    }

    private void sayRoom() {
        if (call != null && rings.owesRoom() && call.requests().isReady()) {
            rings.saidRoom();
            call.requests().onNext(OutFrame.of(ROOM));
        }
    }

    private void onControl(Call from, AttachResponse control) {
        if (control.getRingsCount() > 0 && state == State.ATTACHED) {
            from.requests().onNext(OutFrame.of(rings.onOffer(control)));
        }
        if (control.getRingRoom()) {
            owner.onReady();
        }
        if (control.getEcho() != 0) {
            echo = control.getEcho();
        }
        if (control.getDraining()) {
            LOGGER.info("The sidecar is about to stop; this agent attaches again when it is back");
        }
    }

    private void onWelcome(Call from, AttachResponse control) {
        if (!control.hasWelcome()) {
            from.requests().cancel("the first frame has no welcome", null);
            return;
        }
        Session before = session;
        Session given = Session.of(control.getWelcome());
        session = given;
        state = State.ATTACHED;
        backoff.reset();
        boolean isResumed = before != null && before.id() == given.id();
        owner.onAttached(given, isResumed, control.getWelcome());
    }

    private void onReady(Call from) {
        if (from == call && state == State.ATTACHED) {
            sayRoom();
            owner.onReady();
        }
    }

    private void onLost(Call from, Error reason) {
        if (from != call) {
            return;
        }
        call = null;
        rings.close();
        lastLoss = reason;
        boolean wasAttached = state == State.ATTACHED || state == State.LEAVING;
        boolean wasLeaving = state == State.LEAVING;
        state = State.PAUSED;
        if (wasAttached) {
            owner.onDetached(reason);
        }
        if (wasLeaving || FINAL.contains(reason.getCode())) {
            end(wasLeaving ? Errors.closed() : reason);
            return;
        }
        if (reason.getCode() == Code.CODE_BAD_SESSION_SECRET && session != null) {
            LOGGER.warn("The sidecar does not know this session; starting a new one");
            session = null;
        }
        LOGGER.debug("Not attached: {}", reason.getMessage());
        later(this::connect, backoff.next().toNanos());
    }

    private void later(Runnable task, long delayNanos) {
        try {
            var _ = loop.executor().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException _) {
            // The loops have ended with the process.
        }
    }

    /** One try; what its gRPC call says is moved to the loop, where almost all of it happens anyway. */
    private final class Call implements ClientResponseObserver<OutFrame, InFrame> {
        private @Nullable ClientCallStreamObserver<OutFrame> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<OutFrame> observer) {
            requests = observer;
            observer.setOnReadyHandler(() -> loop.run(() -> SidecarStream.this.onReady(this)));
        }

        @Override
        public void onNext(InFrame frame) {
            if (loop.isCurrent().getAsBoolean()) {
                onFrame(this, frame);
                return;
            }
            loop.run(() -> onFrame(this, frame));
        }

        @Override
        public void onError(Throwable failure) {
            Error reason = MeshError.from(failure);
            loop.run(() -> onLost(this, reason));
        }

        @Override
        public void onCompleted() {
            var reason = MeshError.of(Code.CODE_DRAINING, "The sidecar ended the stream.");
            loop.run(() -> onLost(this, reason));
        }

        ClientCallStreamObserver<OutFrame> requests() {
            if (requests == null) {
                throw new IllegalStateException("the call has not started");
            }
            return requests;
        }

        void giveUp() {
            if (this == call && state == State.CONNECTING) {
                requests().cancel("no welcome within " + WELCOME_SECONDS + " s", null);
            }
        }
    }
}
