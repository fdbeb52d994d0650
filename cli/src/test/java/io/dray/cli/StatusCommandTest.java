package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.testing.LoopbackServer;
import io.dray.router.v1.AdminServiceGrpc;
import io.dray.router.v1.GetStatusRequest;
import io.dray.router.v1.GetStatusResponse;
import io.dray.router.v1.PoolOwner;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
    private final EventLoops loops = EventLoops.start(Transport.auto(), 1, "played-router");
    private final GetStatusResponse.Builder status = GetStatusResponse.newBuilder()
            .setRouter("b")
            .setSoftware("dray-router/1")
            .setDirectoryComplete(true)
            .setNodes(2)
            .putTasks("PENDING", 3)
            .putTasks("RUNNING", 0);
    private Server router;

    @BeforeEach
    void serve() throws IOException {
        router = LoopbackServer.start(loops, new AdminServiceGrpc.AdminServiceImplBase() {
            @Override
            public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> observer) {
                observer.onNext(status.build());
                observer.onCompleted();
            }
        });
    }

    @AfterEach
    void stop() {
        router.shutdownNow();
        loops.close();
    }

    private Outcome status(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--router";
        all[words.length + 1] = "127.0.0.1:" + router.getPort();
        return Outcome.of(all);
    }

    @Test
    void aRouterThatForwardsNamesTheOwner() {
        status.setOwner(
                PoolOwner.newBuilder().setRouter("a").setAddress("h:7400").setEpoch(3));

        assertThat(status("status").out().lines())
                .containsExactly(
                        "ROUTER      b",
                        "software    dray-router/1",
                        "pool owner  router a at h:7400, epoch 3",
                        "directory   complete",
                        "nodes       2");
    }

    @Test
    void theOwnerSaysItAndWhatItHas() {
        status.setEpoch(3).setOwner(PoolOwner.newBuilder().setRouter("b").setEpoch(3));

        assertThat(status("status").out().lines())
                .contains("pool owner  this router, router b, epoch 3", "tasks       3 PENDING");
        assertThat(status("status", "--json").out()).contains("\"epoch\" : 3", "\"PENDING\" : 3");
    }

    @Test
    void aPoolThatNobodyOwnsIsSaid(@TempDir Path folder) {
        assertThat(status("status").out()).contains("pool owner  none that it knows");

        Outcome doctor = status("doctor", "--json", "--data-dir", folder.toString());

        assertThat(doctor.out()).contains("router b knows none (expected: one router that owns the pool)");
    }
}
