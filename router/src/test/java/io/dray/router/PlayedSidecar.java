package io.dray.router;

import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.Assignment;
import io.dray.router.v1.Attempt;
import io.dray.router.v1.AttemptEvent;
import io.dray.router.v1.NodeHello;
import io.dray.router.v1.NodeReport;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.router.v1.WorkServiceGrpc;
import io.dray.router.v1.WorkerSlots;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.Version;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A sidecar's work stream as a test plays it, over a real stub. */
final class PlayedSidecar implements StreamObserver<WorkResponse> {
    static final Version VERSION = Version.newBuilder().setMajor(1).build();

    private final List<WorkResponse> frames = new CopyOnWriteArrayList<>();
    private final StreamObserver<WorkRequest> requests;
    private volatile @Nullable Error failure;
    private volatile boolean completed;
    private long events;

    PlayedSidecar(Channel channel) {
        requests = WorkServiceGrpc.newStub(channel).work(this);
    }

    static NodeHello.Builder hello(String node) {
        return NodeHello.newBuilder()
                .setVersion(VERSION)
                .setNode(node)
                .setIncarnation(1)
                .addSlots(WorkerSlots.newBuilder()
                        .setInstance("w/1@" + node)
                        .addCapabilities("digest")
                        .setFree(4)
                        .setTotal(4))
                .setReport(report(1));
    }

    static NodeReport report(long number) {
        return NodeReport.newBuilder()
                .setNumber(number)
                .setFreeCpuMillis(2_000)
                .setTotalCpuMillis(2_000)
                .setFreeMemoryBytes(1L << 30)
                .setTotalMemoryBytes(1L << 30)
                .build();
    }

    PlayedSidecar say(NodeHello.Builder hello) {
        return say(WorkRequest.newBuilder().setHello(hello).build());
    }

    PlayedSidecar say(WorkRequest frame) {
        requests.onNext(frame);
        return this;
    }

    void say(AttemptEvent.Builder event) {
        say(WorkRequest.newBuilder().addEvents(event.setNumber(++events)).build());
    }

    void goodbye() {
        requests.onCompleted();
    }

    List<Assignment> assignments() {
        return frames.stream()
                .flatMap(frame -> frame.getAssignmentsList().stream())
                .toList();
    }

    Assignment assignment(int index) {
        Await.until("assignment " + index, () -> assignments().size() > index);
        return assignments().get(index);
    }

    List<Attempt> cancels() {
        return frames.stream().flatMap(frame -> frame.getCancelsList().stream()).toList();
    }

    List<Receipt> receipts() {
        return frames.stream()
                .flatMap(frame -> frame.getReceiptsList().stream())
                .toList();
    }

    List<WorkResponse> frames() {
        return frames;
    }

    Error failure() {
        Await.until("the end of the stream", () -> failure != null);
        Error seen = failure;
        return seen == null ? Error.getDefaultInstance() : seen;
    }

    boolean isCompleted() {
        return completed;
    }

    @Override
    public void onNext(WorkResponse frame) {
        frames.add(frame);
    }

    @Override
    public void onError(Throwable thrown) {
        failure = MeshError.from(thrown);
    }

    @Override
    public void onCompleted() {
        completed = true;
    }
}
