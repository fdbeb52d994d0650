package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.store.PoolOwner;
import io.dray.router.v1.Attempt;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.router.v1.WorkServiceGrpc;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/**
 * The door for sidecars that do tasks. Frames are checked and mapped on the connection's event loop and handed to the
 * dispatcher; the next one is asked for when it has taken the one before.
 */
final class WorkService extends WorkServiceGrpc.WorkServiceImplBase {
    private final Dispatcher dispatcher;
    private final Reports reports;
    private final WorkStream.Terms terms;
    private final Leadership leadership;

    WorkService(Dispatcher dispatcher, Reports reports, WorkStream.Terms terms, Leadership leadership) {
        this.dispatcher = dispatcher;
        this.reports = reports;
        this.terms = terms;
        this.leadership = leadership;
    }

    @Override
    public StreamObserver<WorkRequest> work(StreamObserver<WorkResponse> responses) {
        var call = (ServerCallStreamObserver<WorkResponse>) responses;
        Session session = new Session(call);
        call.setOnCancelHandler(session::onGone);
        call.disableAutoRequest();
        call.request(1);
        return session;
    }

    /** One work stream as it comes in; runs on the connection's event loop. */
    private final class Session implements StreamObserver<WorkRequest> {
        private final ServerCallStreamObserver<WorkResponse> call;
        private final OutboundStream<WorkResponse> outbound;
        private final WorkStream stream;
        private String node = "";

        Session(ServerCallStreamObserver<WorkResponse> call) {
            this.call = call;
            this.outbound = new OutboundStream<>(call);
            this.stream = new WorkStream(outbound, terms);
        }

        @Override
        public void onNext(WorkRequest frame) {
            Optional<Error> refusal = node.isEmpty() ? onHello(frame) : onFrame(frame);
            refusal.ifPresent(outbound::end);
        }

        private Optional<Error> onHello(WorkRequest frame) {
            if (!frame.hasHello()) {
                return Optional.of(MeshError.of(
                        Code.CODE_HELLO_EXPECTED, "The first frame of a work stream is no hello.", "", "hello"));
            }
            Optional<Error> refusal = Versions.check(frame.getHello().getVersion())
                    .or(() -> WorkChecks.check(frame.getHello(), terms.time().nowMicros()));
            if (refusal.isPresent()) {
                return refusal;
            }
            Optional<PoolOwner> elsewhere = leadership.elsewhere();
            if (elsewhere.isPresent()) {
                outbound.send(WorkResponse.newBuilder()
                        .setLeader(elsewhere.get().address())
                        .build());
                outbound.end(null);
                return Optional.empty();
            }
            node = frame.getHello().getNode();
            if (frame.getHello().hasReport()) {
                reports.put(node, frame.getHello().getReport());
            }
            dispatcher.onHello(stream, WorkMessages.hello(frame.getHello()));
            call.request(1);
            return Optional.empty();
        }

        private Optional<Error> onFrame(WorkRequest frame) {
            if (frame.hasHello()) {
                return Optional.of(MeshError.of(
                        Code.CODE_HELLO_EXPECTED, "A hello came twice on a work stream.", node, "one hello"));
            }
            Optional<Error> refusal = WorkChecks.check(node, frame.getSlotsList());
            if (refusal.isPresent()) {
                return refusal;
            }
            if (frame.hasReport()) {
                reports.put(node, frame.getReport());
            }
            stopNameless(frame.getRunningList());
            dispatcher.onFrame(stream, WorkMessages.frame(frame), () -> call.request(1));
            return Optional.empty();
        }

        /** Answered by the id as it was said: the sidecar could not match another one, and kept its worker's slot. */
        private void stopNameless(List<Attempt> running) {
            List<Attempt> nameless = WorkMessages.nameless(running);
            if (!nameless.isEmpty()) {
                stream.stopNameless(nameless);
            }
        }

        @Override
        public void onError(Throwable failure) {
            onGone();
        }

        @Override
        public void onCompleted() {
            dispatcher.onStreamEnd(stream);
            outbound.end(null);
        }

        private void onGone() {
            outbound.onGone();
            dispatcher.onStreamEnd(stream);
        }
    }
}
