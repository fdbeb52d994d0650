package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PausesTest {
    private final Destination agent = new Destination(Destination.AGENT, "b");
    private final Destination topic = new Destination(Destination.TOPIC, "t.u");
    private final RecordingOrigin origin = new RecordingOrigin();
    private final Pauses pauses = new Pauses();

    @Test
    void tellsASenderOnceForEachDestination() {
        pauses.pause(origin, agent);
        pauses.pause(origin, agent);
        pauses.pause(origin, topic);

        assertThat(origin.flows()).containsExactly("pause agent:b", "pause topic:t.u");
    }

    @Test
    void tellsEverybodyToGoOn() {
        pauses.pause(origin, agent);
        pauses.pause(origin, topic);
        origin.flows().clear();

        pauses.resumeAll();

        assertThat(origin.flows()).containsExactlyInAnyOrder("resume agent:b", "resume topic:t.u");
        assertThat(pauses.isEmpty()).isTrue();
    }

    @Test
    void pausesAgainAfterItWentOn() {
        pauses.pause(origin, agent);
        pauses.resume(agent);
        pauses.pause(origin, agent);

        assertThat(origin.flows()).containsExactly("pause agent:b", "resume agent:b", "pause agent:b");
    }

    @Test
    void lastWordIsToGoOnWhenSomebodyWasFasterToSaySo() {
        Origin slow = new Origin() {
            @Override
            public void receipts(long session, long first, int count, int level, @Nullable Error error) {
                throw new AssertionError("nothing is refused here");
            }

            @Override
            public void flow(Destination destination, boolean paused) {
                if (paused) {
                    // Another thread lets everybody go on before the pause has arrived.
                    pauses.resumeAll();
                }
                origin.flow(destination, paused);
            }

            @Override
            public void held(long bytes) {
                throw new AssertionError("nothing is held here");
            }
        };

        pauses.pause(slow, agent);

        assertThat(origin.flows()).containsExactly("resume agent:b", "pause agent:b", "resume agent:b");
    }

    @Test
    void holdsNobodyBackOnceItIsClosed() {
        pauses.pause(origin, agent);

        pauses.close();
        pauses.pause(origin, topic);

        assertThat(origin.flows()).containsExactly("pause agent:b", "resume agent:b");
    }
}
