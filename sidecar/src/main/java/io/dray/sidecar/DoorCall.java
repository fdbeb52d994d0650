package io.dray.sidecar;

import io.dray.agent.v1.AttachResponse;
import io.dray.core.net.Connection;
import io.dray.core.net.EventLoops;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.ReceiptLevel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One unary call at the door and the envelope it sent: answered exactly once, by a receipt, a reply, a refusal or the
 * deadline. Owned by the loop of the call.
 *
 * @param <R> what the call returns
 */
final class DoorCall<R> implements DoorClient.Listener {
    private static final long RESEND_MILLIS = 200;

    private final EventLoop loop;
    private final StreamObserver<R> observer;
    private final DoorPlaces.Place place;
    private final DoorReader reader = DoorReader.current();
    private final DoorClient client;
    private final long timeoutMicros;
    private final long deadlineMicros;
    private final ScheduledFuture<?> timer;
    private @Nullable Envelope sent;
    private @Nullable Function<Envelope, R> answer;
    private int level = Integer.MAX_VALUE;
    private boolean answered;
    private boolean cached;

    DoorCall(DoorContext context, EventLoops loops, StreamObserver<R> observer, long timeoutMicros) {
        this.loop = AgentDoor.currentLoop(loops);
        this.observer = observer;
        this.timeoutMicros = Math.max(0, timeoutMicros);
        this.deadlineMicros = context.nowMicros() + this.timeoutMicros;
        this.place = context.places().take(Connection.current());
        this.client = new DoorClient(context, Connection.current().principal(), loop, place, this);
        this.timer = loop.schedule(this::expire, this.timeoutMicros, TimeUnit.MICROSECONDS);
        var call = (ServerCallStreamObserver<R>) observer;
        call.setOnCancelHandler(() -> loop.execute(this::cancelled));
        // Until its client has read it, an answer lies in gRPC's buffers.
        call.setOnCloseHandler(place::close);
    }

    /** Starts the envelope. */
    Envelope.Builder envelope() {
        return client.envelope().setDeadlineUnixMicros(deadlineMicros);
    }

    /** Sends and answers once the receipt came. */
    void untilReceipt(Envelope envelope, int wanted, Function<Envelope, R> response) {
        level = wanted;
        start(envelope, response);
    }

    /** Sends and answers with the reply. */
    void untilReply(Envelope envelope, Function<Envelope, R> response) {
        start(envelope, response);
    }

    /** Whether the reply came from the sidecar's cache; once it is being answered. */
    boolean isCached() {
        return cached;
    }

    @Override
    public boolean onFrame(AttachResponse frame) {
        for (Receipt receipt : frame.getReceiptsList()) {
            onReceipt(receipt);
        }
        for (int i = 0; i < frame.getEnvelopesCount(); i++) {
            onEnvelope(frame.getEnvelopes(i), isCached(frame.getNotesList(), i));
        }
        return answered;
    }

    @Override
    public void onEnd(Error error) {
        loop.execute(() -> fail(error));
    }

    private void start(Envelope envelope, Function<Envelope, R> response) {
        boolean isSentAgain = envelope.getDeliveryClass() == DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE;
        sent = isSentAgain ? envelope : envelope.toBuilder().clearPayload().build();
        answer = response;
        long bytes = sent.getSerializedSize();
        if (isSentAgain && !place.tryHold(bytes)) {
            fail(DoorPlaces.full(bytes));
        } else {
            client.send(envelope);
        }
    }

    private void onReceipt(Receipt receipt) {
        if (receipt.getLevel() == ReceiptLevel.RECEIPT_LEVEL_REFUSED) {
            if (receipt.getError().getRetryable() && isAtLeastOnce()) {
                var _ = loop.schedule(this::resend, RESEND_MILLIS, TimeUnit.MILLISECONDS);
            } else {
                fail(receipt.getError());
            }
        } else if (receipt.getLevelValue() >= level && sent != null) {
            succeed(sent);
        }
    }

    private void onEnvelope(Envelope envelope, boolean fromCache) {
        boolean ours = sent != null
                && level == Integer.MAX_VALUE
                && envelope.getKind() == Kind.KIND_REPLY
                && envelope.getCauseSession() == sent.getSession()
                && envelope.getCauseSequence() == sent.getSequence();
        if (!ours) {
            return;
        }
        if (envelope.hasError()) {
            fail(envelope.getError());
        } else {
            cached = fromCache;
            succeed(envelope);
        }
    }

    private static boolean isCached(List<HopNote> notes, int index) {
        return notes.stream()
                .filter(note -> index >= note.getFirst() && index < note.getFirst() + Math.max(1, note.getCount()))
                .anyMatch(HopNote::getCached);
    }

    private boolean isAtLeastOnce() {
        return sent != null && sent.getDeliveryClass() == DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE;
    }

    private void resend() {
        if (!answered && sent != null) {
            client.send(sent);
        }
    }

    private void expire() {
        fail(MeshError.of(
                Code.CODE_EXPIRED,
                "no answer came in time",
                timeoutMicros / 1_000 + " ms",
                "an agent that answers sooner, or a longer timeout"));
    }

    private void succeed(Envelope envelope) {
        Function<Envelope, R> response = answer;
        if (!answered && response != null) {
            finish();
            place.answered(reader);
            observer.onNext(response.apply(envelope));
            observer.onCompleted();
        }
    }

    private void fail(Error error) {
        if (!answered) {
            finish();
            observer.onError(MeshError.toStatus(error));
        }
    }

    private void cancelled() {
        finish();
        place.close();
    }

    private void finish() {
        answered = true;
        timer.cancel(false);
        client.close();
    }
}
