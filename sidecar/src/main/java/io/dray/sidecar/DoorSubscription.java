package io.dray.sidecar;

import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.SubscribeResponse;
import io.dray.agent.v1.Subscription;
import io.dray.core.net.Connection;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Error;
import io.dray.types.v1.Window;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.netty.channel.EventLoop;
import java.util.List;

/** One subscription by the unary door, until its client cancels. Owned by the loop of the call. */
final class DoorSubscription implements DoorClient.Listener {
    private static final int AHEAD_MESSAGES = 256;
    /** What a client does not read lies in gRPC's buffers then, and they are in nobody's budget. */
    private static final long AHEAD_BYTES = 32 * 1024;

    private final DoorContext context;
    private final EventLoop loop;
    private final ServerCallStreamObserver<SubscribeResponse> observer;
    private final DoorPlaces.Place place;
    private final DoorReader reader = DoorReader.current();
    private final DoorClient client;
    private long messages;
    private long bytes;
    private boolean ended;

    DoorSubscription(
            DoorContext context,
            EventLoop loop,
            Connection connection,
            ServerCallStreamObserver<SubscribeResponse> observer) {
        this.context = context;
        this.loop = loop;
        this.observer = observer;
        this.place = context.places().take(connection);
        this.client = new DoorClient(context, connection.principal(), loop, place, this);
        observer.setOnCancelHandler(() -> loop.execute(this::finish));
        observer.setOnReadyHandler(this::grant);
    }

    /** Subscribes and says so. */
    void start(List<Subscription> subscriptions) {
        grant();
        try {
            context.agents().subscribe(client.agent(), subscriptions);
        } catch (StatusRuntimeException refused) {
            finish();
            throw refused;
        }
        observer.onNext(SubscribeResponse.newBuilder().setSubscribed(true).build());
    }

    @Override
    public boolean onFrame(AttachResponse frame) {
        if (ended || frame.getEnvelopesCount() == 0) {
            return false;
        }
        observer.onNext(SubscribeResponse.newBuilder()
                .addAllEnvelopes(frame.getEnvelopesList())
                .addAllNotes(frame.getNotesList())
                .build());
        messages += frame.getEnvelopesCount();
        bytes += frame.getSerializedSize();
        grant();
        return true;
    }

    @Override
    public void onEnd(Error error) {
        loop.execute(() -> end(error));
    }

    private void end(Error error) {
        if (!ended) {
            finish();
            observer.onError(MeshError.toStatus(error));
        }
    }

    /** A client that does not read keeps its envelopes in the mailbox, where they are bounded. */
    private void grant() {
        if (ended) {
            return;
        }
        if (!observer.isReady()) {
            place.answered(reader);
            return;
        }
        place.letGo();
        client.agent()
                .mailbox()
                .onWindow(Window.newBuilder()
                        .setMessages(messages + AHEAD_MESSAGES)
                        .setBytes(bytes + AHEAD_BYTES)
                        .build());
        client.wake();
    }

    private void finish() {
        ended = true;
        client.close();
        place.close();
    }
}
