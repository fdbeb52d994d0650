package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.DirectoryServiceGrpc;
import io.dray.router.v1.Interest;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlowReaderTest {
    private static final String LONG_TOPIC = ("x".repeat(60) + ".").repeat(8);

    @TempDir
    private Path folder = Path.of("");

    /** A sidecar's directory stream that reads one frame, and the others only when it is let. */
    private static final class Stream implements ClientResponseObserver<JoinRequest, JoinResponse> {
        private final boolean reads;
        private final AtomicLong revisions = new AtomicLong();
        private volatile @Nullable Error failure;
        // Set before the call starts.
        @SuppressWarnings("NullAway.Init")
        private ClientCallStreamObserver<JoinRequest> requests;

        Stream(RouterInProcess router, String node, boolean reads) {
            this.reads = reads;
            DirectoryServiceGrpc.newStub(router.channel()).join(this);
            announce(NodeAnnouncement.newBuilder().setNode(node).setRevision(1));
        }

        void announce(NodeAnnouncement.Builder announcement) {
            announcement.setVersion(PlayedSidecar.VERSION).setIncarnation(1);
            requests.onNext(
                    JoinRequest.newBuilder().setAnnouncement(announcement).build());
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<JoinRequest> call) {
            requests = call;
            call.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(JoinResponse frame) {
            frame.getInterestsList().forEach(interest -> revisions.set(interest.getGeneration()));
            if (reads) {
                requests.request(1);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            failure = MeshError.from(thrown);
        }

        @Override
        public void onCompleted() {}

        Code code() {
            Error seen = failure;
            return seen == null ? Code.CODE_UNSPECIFIED : seen.getCode();
        }
    }

    @Test
    void whoDoesNotReadIsCutOffAndHoldsUpNobody() throws Exception {
        try (var router = new RouterInProcess(folder.resolve("router.db"), Map.of())) {
            Stream deaf = new Stream(router, "deaf", false);
            Stream other = new Stream(router, "other", true);
            Stream busy = new Stream(router, "busy", true);

            for (long revision = 2; revision <= 60; revision++) {
                NodeAnnouncement.Builder announcement =
                        NodeAnnouncement.newBuilder().setNode("busy").setRevision(revision);
                for (int topic = 0; topic < 2_000; topic++) {
                    announcement.addInterests(Interest.newBuilder().setPattern(LONG_TOPIC + revision + "-" + topic));
                }
                busy.announce(announcement);
                long told = revision;
                Await.until("the news at the one who reads", () -> other.revisions.get() == told);
            }
            deaf.requests.request(1_000);

            Await.until("the end of the deaf stream", () -> deaf.code() == Code.CODE_TOO_MANY);
            assertThat(other.failure).isNull();
            assertThat(busy.failure).isNull();
        }
    }
}
