package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Directory;
import io.dray.router.v1.DirectoryServiceGrpc;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/** The door for sidecars that announce and ask who is where; frames are checked on the connection's event loop. */
final class DirectoryService extends DirectoryServiceGrpc.DirectoryServiceImplBase {
    private final Directory directory;
    private final JoinStream.Terms terms;
    private final String mesh;
    private final Counter queries;

    DirectoryService(Directory directory, JoinStream.Terms terms, String mesh, MeterRegistry meters) {
        this.directory = directory;
        this.terms = terms;
        this.mesh = mesh;
        this.queries = Counter.builder("dray_directory_queries")
                .description("Addresses that sidecars asked for")
                .register(meters);
    }

    @Override
    public StreamObserver<JoinRequest> join(StreamObserver<JoinResponse> responses) {
        var call = (ServerCallStreamObserver<JoinResponse>) responses;
        Session session = new Session(call);
        call.setOnCancelHandler(session::onGone);
        return session;
    }

    /** One directory stream as it comes in; runs on the connection's event loop. */
    private final class Session implements StreamObserver<JoinRequest> {
        private final OutboundStream<JoinResponse> outbound;
        private final JoinStream stream;
        private final GatheredAnnouncement gathered = new GatheredAnnouncement();
        private String node = "";
        private long incarnation;
        private boolean refused;

        Session(ServerCallStreamObserver<JoinResponse> call) {
            this.outbound = new OutboundStream<>(call);
            this.stream = new JoinStream(outbound, terms);
        }

        @Override
        public void onNext(JoinRequest frame) {
            if (refused) {
                return;
            }
            Optional<Error> tooLarge =
                    frame.hasAnnouncement() ? gathered.add(frame.getAnnouncement()) : Optional.empty();
            if (tooLarge.isPresent()) {
                refuse(tooLarge.get());
            } else if (!gathered.isUnfinished()) {
                onWhole(frame.hasAnnouncement() ? gathered.into(frame) : frame);
            }
        }

        private void refuse(Error error) {
            refused = true;
            outbound.end(error);
            directory.onStreamEnd(stream);
        }

        private void onWhole(JoinRequest frame) {
            Optional<Error> refusal = check(frame);
            if (refusal.isPresent()) {
                refuse(refusal.get());
                return;
            }
            if (frame.hasAnnouncement()) {
                node = frame.getAnnouncement().getNode();
                incarnation = frame.getAnnouncement().getIncarnation();
                directory.onAnnouncement(stream, DirectoryMessages.announcement(frame.getAnnouncement()));
            }
            if (frame.getForgetCount() > 0) {
                directory.onForget(stream, DirectoryMessages.addresses(frame.getForgetList()));
            }
            if (frame.getQueriesCount() > 0) {
                queries.increment(frame.getQueriesCount());
                directory.onQueries(stream, DirectoryMessages.addresses(frame.getQueriesList()));
            }
        }

        private Optional<Error> check(JoinRequest frame) {
            if (!frame.hasAnnouncement()) {
                return node.isEmpty()
                        ? Optional.of(MeshError.of(
                                Code.CODE_HELLO_EXPECTED,
                                "The first frame of a directory stream has no announcement.",
                                "",
                                "announcement"))
                        : DirectoryChecks.queries(frame);
            }
            var announcement = frame.getAnnouncement();
            boolean other = !node.isEmpty()
                    && (!node.equals(announcement.getNode()) || incarnation != announcement.getIncarnation());
            if (other) {
                return Optional.of(MeshError.of(
                        Code.CODE_INVALID_REQUEST,
                        "A stream belongs to one incarnation of one node.",
                        announcement.getNode() + " " + announcement.getIncarnation(),
                        node + " " + incarnation));
            }
            return Versions.check(announcement.getVersion())
                    .or(() -> DirectoryChecks.announcement(
                            announcement, mesh, terms.time().nowMicros()))
                    .or(() -> DirectoryChecks.queries(frame));
        }

        @Override
        public void onError(Throwable failure) {
            onGone();
        }

        @Override
        public void onCompleted() {
            directory.onStreamEnd(stream);
            outbound.end(null);
        }

        private void onGone() {
            outbound.onGone();
            directory.onStreamEnd(stream);
        }
    }
}
