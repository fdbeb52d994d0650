package io.dray.agent;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/** Attachments to a fake sidecar in this process, with a real loop thread and clocks that the test can move ahead. */
final class MeshFixture implements AutoCloseable {
    static final MeshConfig CONFIG =
            MeshConfig.defaults().withCloseTimeout(Duration.ofMillis(200)).withConnectTimeout(Duration.ofSeconds(10));

    private final AtomicLong aheadNanos = new AtomicLong();
    final FakeSidecar sidecar = new FakeSidecar();
    final Loop loop;
    private final ScheduledExecutorService executor;
    private final Server server;
    private final ManagedChannel channel;
    private final List<Mesh> meshes = new ArrayList<>();

    MeshFixture(BindableService... more) throws IOException {
        var name = InProcessServerBuilder.generateName();
        var builder = InProcessServerBuilder.forName(name).directExecutor().addService(sidecar);
        for (BindableService service : more) {
            builder.addService(service);
        }
        server = builder.build().start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        var threads = new ArrayList<Thread>();
        executor = Executors.newSingleThreadScheduledExecutor(task -> {
            var thread = new Thread(task, "test-loop");
            thread.setDaemon(true);
            threads.add(thread);
            return thread;
        });
        loop = new Loop(
                executor,
                () -> threads.contains(Thread.currentThread()),
                new ClockAhead(),
                () -> System.nanoTime() + aheadNanos.get());
    }

    /** Moves the agent's clocks, which otherwise go as fast as real ones. */
    void advance(Duration by) {
        aheadNanos.addAndGet(by.toNanos());
    }

    /** Lets the sidecar read on, on the loop: two threads in one stream in memory lose messages. */
    void goOn() {
        executor.execute(sidecar::goOn);
    }

    /** Waits until the loop has done what it was given so far. */
    void barrier() {
        var passed = new CompletableFuture<Void>();
        executor.execute(() -> passed.complete(null));
        passed.join();
    }

    AttachedMesh attach(AgentSpec agent) {
        return attach(agent, CONFIG);
    }

    AttachedMesh attach(AgentSpec agent, MeshConfig config) {
        var random = new Random(1);
        var mesh = new AttachedMesh(agent, config, new AttachedMesh.Wiring(loop, channel, random));
        meshes.add(mesh);
        return mesh.attach();
    }

    AttachedMesh attach() {
        return attach(AgentSpec.named("tester"));
    }

    @Override
    public void close() {
        sidecar.refuse(null);
        meshes.forEach(Mesh::close);
        channel.shutdownNow();
        server.shutdownNow();
        executor.shutdownNow();
    }

    private final class ClockAhead extends Clock {
        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plusNanos(aheadNanos.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
