package io.dray.sidecar.routers;

import io.dray.core.net.Backoff;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bidirectional stream to a router that is opened again, with back-off, whenever it ends. Every method and every
 * call to the owner runs on the control loop.
 *
 * <pre>
 * IDLE -start-> WAITING -open-> OPENING -first frame-> UP
 *                  ^---- ended, or no first frame in time ----'
 * </pre>
 */
public final class RouterStream<Q, R> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterStream.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration FIRST_FRAME = Duration.ofSeconds(10);
    private static final Duration AFTER_REFUSAL = Duration.ofSeconds(30);
    /** Refusals that a quick second try cannot change. */
    private static final Set<Code> LASTING =
            Set.of(Code.CODE_STALE_INCARNATION, Code.CODE_WRONG_MESH, Code.CODE_UNSUPPORTED_VERSION);

    private final Routers routers;
    private final Supplier<String> endpoint;
    private final BooleanSupplier hasOthers;
    private final MethodDescriptor<Q, R> method;
    private final ControlLoop control;
    private final Owner<Q, R> owner;
    private final Backoff backoff;
    private @Nullable Call call;
    private @Nullable ScheduledFuture<?> timer;
    private boolean started;
    private boolean closed;

    /** What the stream is for. */
    public interface Owner<Q, R> {
        /** Returns the frames that introduce this sidecar on a new stream; the router answers after the last. */
        List<Q> hello();

        /** The router sent a frame; the first one brings the stream up. */
        void onFrame(R frame);

        /** More can be sent, after {@link RouterStream#isReady} was false. */
        void onReady();

        /** The stream ended and will be opened again. */
        void onEnded(Error why);
    }

    /** Creates a stream to one router: it waits for that one. */
    public RouterStream(
            Routers routers, String endpoint, MethodDescriptor<Q, R> method, ControlLoop control, Owner<Q, R> owner) {
        this(routers, () -> endpoint, () -> false, method, control, owner);
    }

    /**
     * Creates a stream to one of several routers.
     *
     * @param endpoint says, before each attempt, which router to call
     * @param hasOthers whether another one may answer, so that one that cannot be reached is given up at once
     */
    public RouterStream(
            Routers routers,
            Supplier<String> endpoint,
            BooleanSupplier hasOthers,
            MethodDescriptor<Q, R> method,
            ControlLoop control,
            Owner<Q, R> owner) {
        this.routers = routers;
        this.endpoint = endpoint;
        this.hasOthers = hasOthers;
        this.method = method;
        this.control = control;
        this.owner = owner;
        this.backoff = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE, control.random());
    }

    public void start() {
        started = true;
        open();
    }

    /** Whether the router has answered on the stream that is open now. */
    public boolean isUp() {
        return call != null && call.answered;
    }

    public boolean isReady() {
        return call != null && call.answered && call.requests.isReady();
    }

    /** Sends a frame; only while the stream is up. */
    public void send(Q frame) {
        if (call != null) {
            call.requests.onNext(frame);
        }
    }

    /** Ends the stream of the moment and soon opens the next one, for example to another router. */
    public void restart(String reason) {
        if (call != null && !closed) {
            Call ended = call;
            ended.requests.cancel(reason, null);
            onEnded(ended, MeshError.of(Code.CODE_ROUTER_UNAVAILABLE, reason, ended.target, ""), LONGEST_PAUSE);
        }
    }

    /**
     * The endpoint is another one now: ends the stream to the one before, or the wait for it, and soon opens the new one.
     *
     * @param pause zero where two routers cannot send this sidecar to and fro
     */
    public void turn(String reason, Duration pause) {
        if (closed || !started || (call != null && call.target.equals(endpoint.get()))) {
            return;
        }
        backoff.reset();
        if (call == null) {
            openIn(pause);
            return;
        }
        Call ended = call;
        ended.requests.cancel(reason, null);
        onEnded(ended, MeshError.of(Code.CODE_ROUTER_UNAVAILABLE, reason, ended.target, ""), pause);
    }

    /** Says goodbye by half-close; whoever owns the channels ends what is left. */
    @Override
    public void close() {
        closed = true;
        stopTimer();
        if (call != null) {
            call.requests.onCompleted();
            call = null;
        }
    }

    private void open() {
        String target = endpoint.get();
        ManagedChannel channel = routers.channel(target);
        channel.resetConnectBackoff();
        Call opened = new Call(target);
        call = opened;
        ClientCalls.asyncBidiStreamingCall(channel.newCall(method, CallOptions.DEFAULT.withWaitForReady()), opened);
        opened.giveUpAt = control.nanos() + FIRST_FRAME.toNanos();
        nudgeLater(opened, channel, hasOthers.getAsBoolean() ? SHORTEST_PAUSE : backoff.next());
    }

    /** A channel waits up to two minutes between its own attempts, so it is told to try until somebody answers. */
    private void nudgeLater(Call opened, ManagedChannel channel, Duration pause) {
        schedule(pause, () -> {
            if (opened != call || opened.answered) {
                return;
            }
            if (control.nanos() - opened.giveUpAt >= 0 || isBetterElsewhere(channel)) {
                opened.requests.cancel("no answer", null);
                onEnded(opened, unavailable(opened.target), backoff.next());
                return;
            }
            channel.resetConnectBackoff();
            nudgeLater(opened, channel, backoff.next());
        });
    }

    private boolean isBetterElsewhere(ManagedChannel channel) {
        return hasOthers.getAsBoolean() && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE;
    }

    private void onFrame(Call from, R frame) {
        if (from != call) {
            return;
        }
        if (!from.answered) {
            from.answered = true;
            stopTimer();
            backoff.reset();
        }
        try {
            owner.onFrame(frame);
        } catch (RuntimeException defect) {
            LOG.error("A frame of the router was not understood; the stream starts again", defect);
            restart("a frame was not understood");
        }
        if (from == call) {
            from.requests.request(1);
        }
    }

    /** The first time the connection has just been made, so the hello says what is true now. */
    private void onReady(Call from) {
        if (from != call) {
            return;
        }
        if (!from.introduced) {
            from.introduced = true;
            owner.hello().forEach(from.requests::onNext);
        }
        if (from.answered) {
            owner.onReady();
        }
    }

    private void onEnded(Call from, Error why, Duration pause) {
        if (from != call) {
            return;
        }
        call = null;
        stopTimer();
        owner.onEnded(why);
        boolean lasting = LASTING.contains(why.getCode());
        if (lasting) {
            LOG.atError()
                    .addKeyValue("router", from.target)
                    .addKeyValue("code", why.getCode())
                    .addKeyValue("value", why.getValue())
                    .addKeyValue("expected", why.getExpected())
                    .log("Router refuses this sidecar: {}", why.getMessage());
        }
        openIn(lasting ? AFTER_REFUSAL : pause);
    }

    private void openIn(Duration pause) {
        schedule(pause, () -> {
            if (!closed && call == null) {
                open();
            }
        });
    }

    private static Error unavailable(String target) {
        return MeshError.of(
                Code.CODE_ROUTER_UNAVAILABLE, "The router does not answer.", target, "a router that is running");
    }

    private void schedule(Duration delay, Runnable task) {
        stopTimer();
        timer = control.after(delay, task);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    /** One attempt; its callbacks come on the channel's thread and go on on the control loop. */
    private final class Call implements ClientResponseObserver<Q, R> {
        final String target;
        // Set by grpc before the call that starts the stream returns.
        @SuppressWarnings("NullAway.Init")
        ClientCallStreamObserver<Q> requests;

        boolean introduced;
        boolean answered;
        long giveUpAt;

        Call(String target) {
            this.target = target;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> requests) {
            this.requests = requests;
            requests.disableAutoRequestWithInitial(1);
            requests.setOnReadyHandler(() -> control.execute(() -> RouterStream.this.onReady(this)));
        }

        @Override
        public void onNext(R frame) {
            control.execute(() -> onFrame(this, frame));
        }

        @Override
        public void onError(Throwable failure) {
            control.execute(() -> onEnded(this, MeshError.from(failure), backoff.next()));
        }

        @Override
        public void onCompleted() {
            control.execute(() -> onEnded(this, unavailable(target), backoff.next()));
        }
    }
}
