package io.dray.sidecar.routers;

import io.dray.core.wire.MeshError;
import io.dray.router.v1.DirectoryServiceGrpc;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.router.v1.WorkServiceGrpc;
import io.dray.types.v1.Error;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A router that keeps what it hears and says what the test says. The test's thread runs all of it. */
public final class FakeRouter implements AutoCloseable {
    private final String name;
    private final List<BindableService> services = new ArrayList<>();
    private final List<Conversation<JoinRequest, JoinResponse>> joins = new ArrayList<>();
    private final List<Conversation<WorkRequest, WorkResponse>> works = new ArrayList<>();
    private Server server;

    public FakeRouter(String name) {
        this.name = name;
        services.add(new Directory());
        services.add(new Work());
        this.server = newServer();
    }

    /** Opens a channel to the fake router of a name, whether it runs or not. */
    public static ManagedChannel open(String name) {
        return InProcessChannelBuilder.forName(name).directExecutor().build();
    }

    /** Comes back after {@link #stop}. */
    public void start() {
        server = newServer();
    }

    /** Is away: its streams end and nobody answers. */
    public void stop() {
        server.shutdownNow();
    }

    public List<Conversation<JoinRequest, JoinResponse>> joins() {
        return joins;
    }

    public List<Conversation<WorkRequest, WorkResponse>> works() {
        return works;
    }

    public Conversation<JoinRequest, JoinResponse> join() {
        return joins.getLast();
    }

    public Conversation<WorkRequest, WorkResponse> work() {
        return works.getLast();
    }

    @Override
    public void close() {
        stop();
    }

    private Server newServer() {
        InProcessServerBuilder builder = InProcessServerBuilder.forName(name).directExecutor();
        services.forEach(builder::addService);
        try {
            return builder.build().start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** One stream as the router sees it. */
    public static final class Conversation<Q, R> implements StreamObserver<Q> {
        private final StreamObserver<R> answers;
        private final List<Q> heard = new ArrayList<>();
        private boolean ended;

        Conversation(StreamObserver<R> answers) {
            this.answers = answers;
        }

        public List<Q> heard() {
            return heard;
        }

        public Q last() {
            return heard.getLast();
        }

        public boolean isEnded() {
            return ended;
        }

        public void say(R frame) {
            answers.onNext(frame);
        }

        public void refuse(Error why) {
            ended = true;
            answers.onError(MeshError.toStatus(why));
        }

        @Override
        public void onNext(Q frame) {
            heard.add(frame);
        }

        @Override
        public void onError(Throwable failure) {
            ended = true;
        }

        @Override
        public void onCompleted() {
            ended = true;
            answers.onCompleted();
        }
    }

    private final class Directory extends DirectoryServiceGrpc.DirectoryServiceImplBase {
        @Override
        public StreamObserver<JoinRequest> join(StreamObserver<JoinResponse> answers) {
            joins.add(new Conversation<>(answers));
            return joins.getLast();
        }
    }

    private final class Work extends WorkServiceGrpc.WorkServiceImplBase {
        @Override
        public StreamObserver<WorkRequest> work(StreamObserver<WorkResponse> answers) {
            works.add(new Conversation<>(answers));
            return works.getLast();
        }
    }
}
