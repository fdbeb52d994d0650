package io.dray.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.testing.Await;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DrainTest {
    private final Drain drain = new Drain();

    @Test
    void refusesWhatIsNewOnceItHasBegun() {
        assertThat(drain.tryEnter()).isTrue();

        drain.begin();

        assertThat(drain.tryEnter()).isFalse();
        assertThat(drain.isDraining()).isTrue();
        assertThat(drain.inFlight()).isEqualTo(1);
    }

    @Test
    void waitsForWhatIsInFlight() throws Exception {
        drain.tryEnter();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> done.complete(await(Duration.ofSeconds(30))));
        Await.until("the drain to begin", drain::isDraining);
        assertThat(done).isNotDone();

        drain.leave();

        assertThat(done.get()).isTrue();
    }

    @Test
    void waitsNoLongerThanItsBound() {
        drain.tryEnter();

        assertThat(await(Duration.ofMillis(5))).isFalse();
    }

    @Test
    void noticesWhoLeavesTwice() {
        assertThatThrownBy(drain::leave).isInstanceOf(IllegalStateException.class);
    }

    private boolean await(Duration bound) {
        try {
            return drain.await(bound);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
