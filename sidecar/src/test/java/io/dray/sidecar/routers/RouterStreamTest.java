package io.dray.sidecar.routers;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ManualLoop;
import io.dray.router.v1.WorkRequest;
import io.dray.router.v1.WorkResponse;
import io.dray.router.v1.WorkServiceGrpc;
import io.dray.types.v1.Error;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouterStreamTest {
    private final ManualLoop loop = new ManualLoop();
    private final ControlLoop control = new ControlLoop(loop, loop.clock()::nanoTime, loop.clock(), new Random(7));
    private final List<String> names = List.of("first-" + UUID.randomUUID(), "second-" + UUID.randomUUID());
    private final FakeRouter first = new FakeRouter(names.getFirst());
    private final FakeRouter second = new FakeRouter(names.getLast());
    private final Routers routers = new Routers(names, FakeRouter::open);
    private final InTurn owner = new InTurn();

    /** Turns to the next router whenever a stream ends. */
    private final class InTurn implements RouterStream.Owner<WorkRequest, WorkResponse> {
        private int ended;

        String endpoint() {
            return names.get(ended % names.size());
        }

        @Override
        public List<WorkRequest> hello() {
            return List.of(WorkRequest.getDefaultInstance());
        }

        @Override
        public void onFrame(WorkResponse frame) {}

        @Override
        public void onReady() {}

        @Override
        public void onEnded(Error why) {
            ended++;
        }
    }

    @AfterEach
    void close() {
        routers.close();
        first.close();
        second.close();
    }

    @Test
    void aRouterThatCannotBeReachedIsGivenUpAtOnceForAnother() {
        first.stop();
        new RouterStream<>(routers, owner::endpoint, () -> true, WorkServiceGrpc.getWorkMethod(), control, owner)
                .start();

        loop.advance(Duration.ofMillis(500));

        assertThat(second.works()).hasSize(1);
    }

    @Test
    void theOnlyRouterIsWaitedFor() {
        first.stop();
        new RouterStream<>(routers, names.getFirst(), WorkServiceGrpc.getWorkMethod(), control, owner).start();

        loop.advance(Duration.ofSeconds(5));
        assertThat(owner.ended).isZero();
        first.start();
        loop.advance(Duration.ofSeconds(2));

        assertThat(first.works()).hasSize(1);
    }
}
