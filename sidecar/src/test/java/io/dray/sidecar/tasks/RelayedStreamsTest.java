package io.dray.sidecar.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.wire.MeshError;
import io.dray.router.v1.WorkResponse;
import io.dray.sidecar.routers.Leader;
import io.dray.types.v1.Code;
import io.dray.types.v1.Receipt;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** To which router a sidecar's work stream goes, and when it goes anew. */
class RelayedStreamsTest {
    @Test
    void startsTheStreamAgainAfterAFrameThatMakesNoSense() {
        try (var mesh = new RelayFixture().up()) {
            mesh.receipt(-1);
            mesh.say(WorkResponse.newBuilder()
                    .addReceipts(Receipt.newBuilder().setFirst(Long.MAX_VALUE).setCount(9)));

            mesh.advance(Duration.ofSeconds(3));
            mesh.welcome();
            mesh.assign("t1", 1);

            assertThat(mesh.router.works()).hasSize(2);
            assertThat(mesh.eventTexts()).containsExactly("1 t1#1 ACCEPTED");
        }
    }

    @Test
    void followsTheRouterThatOwnsThePool() {
        try (var mesh = new RelayFixture().up()) {
            mesh.say(WorkResponse.newBuilder().setLeader(mesh.routerName + "-other"));
            mesh.advance(Duration.ofSeconds(3));

            assertThat(mesh.router.work().isEnded()).isTrue();
            assertThat(mesh.other.works()).hasSize(1);
            assertThat(mesh.other.work().heard().getFirst().getHello().getNode())
                    .isEqualTo("here");
        }
    }

    @Test
    void turnsAtOnceToANewOwnerThatAnyRouterNames() {
        try (var mesh = new RelayFixture().up(3)) {
            mesh.routers.onLeader(new Leader(mesh.routerName + "-other", 3));
            mesh.loop.runReady();
            assertThat(mesh.other.works()).isEmpty();

            mesh.routers.onLeader(new Leader(mesh.routerName + "-other", 4));
            mesh.loop.runReady();

            assertThat(mesh.router.work().isEnded()).isTrue();
            assertThat(mesh.other.works()).hasSize(1);
            assertThat(mesh.other.work().heard()).hasSize(1);
        }
    }

    @Test
    void doesNotWaitForARefusedStreamOnceTheOwnerIsNamed() {
        try (var mesh = new RelayFixture().up(3)) {
            for (int i = 0; i < 8; i++) {
                mesh.router.work().refuse(MeshError.of(Code.CODE_STORE_FAILED, "The store is being read."));
                mesh.advance(Duration.ofSeconds(3));
            }
            int before = mesh.router.works().size();
            mesh.router.work().refuse(MeshError.of(Code.CODE_STORE_FAILED, "The store is being read."));
            mesh.loop.runReady();
            assertThat(mesh.router.works()).hasSize(before);

            mesh.routers.onLeader(new Leader(mesh.routerName, 4));
            mesh.loop.runReady();

            assertThat(mesh.router.works()).hasSize(before + 1);
        }
    }

    @Test
    void anOwnerThatCannotBeReachedIsGivenUpForTheConfiguredRouters() {
        try (var mesh = new RelayFixture().up(3)) {
            mesh.routers.onLeader(new Leader(mesh.routerName + "-nobody", 4));

            mesh.advance(Duration.ofSeconds(5));

            assertThat(mesh.router.works()).hasSize(2);
        }
    }
}
