package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.MeshException;
import io.dray.agent.Message;
import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.GetStatusResponse;
import io.dray.agent.v1.StatusServiceGrpc;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.GrpcChannels;
import io.dray.core.net.Transport;
import io.dray.core.testing.Await;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.TaskServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One mesh of real processes for a test class: a router and the nodes a, b and c. Agents live in the test's JVM and are
 * closed after each test.
 */
final class MeshFixture implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {
    static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final Transport transport;
    private final boolean unix;
    private final List<String> nodes;
    private final Map<String, ManagedChannel> channels = new HashMap<>();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private @Nullable Path folder;
    private boolean failed;
    private @Nullable LocalMesh mesh;
    private @Nullable EventLoops loops;

    MeshFixture(Transport transport, boolean unix, String... nodes) {
        this.transport = transport;
        this.unix = unix;
        this.nodes = List.of(nodes);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        folder = Files.createTempDirectory("dray-mesh-");
        loops = EventLoops.start(transport, 1, "raw-agents");
        mesh = new LocalMesh(folder, transportName());
        mesh.startRouter();
        for (String node : nodes) {
            mesh.startSidecar(node);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        failed |= context.getExecutionException().isPresent();
        for (AutoCloseable closeable : toClose.reversed()) {
            closeable.close();
        }
        toClose.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        channels.values().forEach(ManagedChannel::shutdownNow);
        processes().close();
        loops().close();
        // The logs are of use only after a failure.
        if (folder != null && !failed) {
            LocalMesh.deleteFolder(folder);
        }
    }

    LocalMesh processes() {
        if (mesh == null) {
            throw new IllegalStateException("the mesh is started before all tests of a class");
        }
        return mesh;
    }

    /** A name that no other test uses. */
    String name(String stem) {
        return stem + "-" + NAMES.incrementAndGet();
    }

    Mesh connect(String node, AgentSpec spec) {
        return connect(spec, config(node));
    }

    Mesh connect(AgentSpec spec, MeshConfig config) {
        Mesh attached = Mesh.connect(spec, config);
        toClose.add(attached);
        return attached;
    }

    MeshConfig config(String node) {
        return MeshConfig.defaults()
                .withSidecar(endpoint(node))
                .withTransport(transportName())
                .withConnectTimeout(PATIENCE)
                .withCloseTimeout(Duration.ofMillis(200));
    }

    String endpoint(String node) {
        return unix ? processes().socket(node) : processes().tcp(node);
    }

    /** A channel to one node, shared by all raw stubs; it reconnects by itself. */
    ManagedChannel channel(String node) {
        return channels.computeIfAbsent(node, _ -> newChannel(node));
    }

    /** A connection of its own, closed after the test. */
    ManagedChannel ownChannel(String node) {
        ManagedChannel channel = newChannel(node);
        toClose.add(channel::shutdownNow);
        return channel;
    }

    GetStatusResponse status(String node) {
        return StatusServiceGrpc.newBlockingStub(channel(node))
                .withWaitForReady()
                .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .getStatus(GetStatusRequest.getDefaultInstance());
    }

    /** The sum of all meters whose name, before any tags, is {@code name}; there must be one, or a typo would read as 0. */
    double meter(String node, String name) {
        List<Double> meters = status(node).getMetersMap().entrySet().stream()
                .filter(meter -> meter.getKey().equals(name) || meter.getKey().startsWith(name + "{"))
                .map(Map.Entry::getValue)
                .toList();
        assertThat(meters).as(name).isNotEmpty();
        return meters.stream().mapToDouble(Double::doubleValue).sum();
    }

    /** A meter of the router, as it counts itself. */
    double routerMeter(String name) {
        return AdminServiceGrpc.newBlockingStub(routerChannel())
                .withWaitForReady()
                .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .getStatus(io.dray.router.v1.GetStatusRequest.getDefaultInstance())
                .getMetersOrDefault(name, 0);
    }

    /** Asks the router for a task that is not there, which it refuses. */
    void askRouterForNoTask() {
        TaskServiceGrpc.TaskServiceBlockingStub tasks = TaskServiceGrpc.newBlockingStub(routerChannel())
                .withWaitForReady()
                .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThatThrownBy(() -> tasks.getTask(GetTaskRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class);
    }

    private ManagedChannel routerChannel() {
        return channels.computeIfAbsent(
                "router",
                _ -> GrpcChannels.open(
                        loops(), Endpoint.parse(processes().routerAddress()), ChannelSettings.forPeers()));
    }

    /** Asks until the directory knows the destination, which takes a moment after an attach on another node. */
    Message requestUntilKnown(Mesh asking, Message request) {
        AtomicReference<@Nullable Message> reply = new AtomicReference<>();
        AtomicReference<String> last = new AtomicReference<>("never asked");
        Await.until(() -> "a reply from " + request.to() + "; last: " + last.get(), Duration.ofSeconds(30), () -> {
            try {
                reply.set(asking.requestBlocking(request, Duration.ofSeconds(5)));
                return true;
            } catch (MeshException e) {
                last.set(e.toString());
                return false;
            }
        });
        Message answer = reply.get();
        if (answer == null) {
            throw new IllegalStateException("no reply");
        }
        return answer;
    }

    private ManagedChannel newChannel(String node) {
        return GrpcChannels.open(loops(), Endpoint.parse(endpoint(node)), ChannelSettings.forAgents());
    }

    private EventLoops loops() {
        if (loops == null) {
            throw new IllegalStateException("loops are started before all tests of a class");
        }
        return loops;
    }

    private String transportName() {
        return transport.name().toLowerCase(Locale.ROOT);
    }
}
