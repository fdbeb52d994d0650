package io.dray.cli.door;

import io.dray.agent.v1.AgentServiceGrpc;
import io.dray.agent.v1.AgentServiceGrpc.AgentServiceBlockingStub;
import io.dray.agent.v1.StatusServiceGrpc;
import io.dray.agent.v1.StatusServiceGrpc.StatusServiceBlockingStub;
import io.dray.agent.v1.WorkerServiceGrpc;
import io.dray.agent.v1.WorkerServiceGrpc.WorkerServiceBlockingStub;
import io.dray.cli.door.OwnWords.Kind;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.Transport;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.dray.router.v1.StoreServiceGrpc;
import io.dray.router.v1.StoreServiceGrpc.StoreServiceBlockingStub;
import io.dray.router.v1.StoreServiceGrpc.StoreServiceBlockingV2Stub;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingV2Stub;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A connection to one sidecar or router and the stubs on it. Thread-safe. */
public final class Door implements AutoCloseable {
    private final EventLoops loops;
    private final ManagedChannel connection;
    private final String endpoint;

    private Door(EventLoops loops, ManagedChannel connection, String endpoint) {
        this.loops = loops;
        this.connection = connection;
        this.endpoint = endpoint;
    }

    /**
     * Opens {@code unix:/path} or {@code host:port}; connects at the first call.
     *
     * @throws CommandException USAGE if it is neither
     */
    public static Door to(String endpoint) {
        Endpoint parsed = parse(endpoint);
        EventLoops loops = EventLoops.start(Transport.auto(), 1, "door");
        return new Door(loops, GrpcChannels.open(loops, parsed, ChannelSettings.forAgents()), endpoint);
    }

    private static Endpoint parse(String endpoint) {
        try {
            return Endpoint.parse(endpoint);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** The unary door of a sidecar. */
    public AgentServiceBlockingStub agents(Duration timeout) {
        return AgentServiceGrpc.newBlockingStub(channel(Kind.SIDECAR, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tasks, at a sidecar or at the router. */
    public TaskServiceBlockingStub tasks(Duration timeout) {
        return TaskServiceGrpc.newBlockingStub(channel(Kind.SIDECAR, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tasks, for what the command streams to a sidecar or to the router. */
    public TaskServiceBlockingV2Stub taskCalls(Duration timeout) {
        return TaskServiceGrpc.newBlockingV2Stub(channel(Kind.SIDECAR, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Tasks for a worker that does not attach, at a sidecar. */
    public WorkerServiceBlockingStub worker(Duration timeout) {
        return WorkerServiceGrpc.newBlockingStub(channel(Kind.SIDECAR, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What a router tells of the mesh. */
    public AdminServiceBlockingStub admin(Duration timeout) {
        return AdminServiceGrpc.newBlockingStub(channel(Kind.ROUTER, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The store of a router as a whole. */
    public StoreServiceBlockingStub store(Duration timeout) {
        return StoreServiceGrpc.newBlockingStub(channel(Kind.ROUTER, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The same for what the command streams to it. */
    public StoreServiceBlockingV2Stub storeCalls(Duration timeout) {
        return StoreServiceGrpc.newBlockingV2Stub(channel(Kind.ROUTER, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What a sidecar tells of itself. */
    public StatusServiceBlockingStub status(Duration timeout) {
        return StatusServiceGrpc.newBlockingStub(channel(Kind.SIDECAR, timeout))
                .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Channel channel(Kind kind, Duration timeout) {
        return ClientInterceptors.intercept(connection, new OwnWords(endpoint, kind, timeout));
    }

    @Override
    public void close() {
        connection.shutdownNow();
        loops.close();
    }
}
