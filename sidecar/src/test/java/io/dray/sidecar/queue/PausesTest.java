package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.net.MemoryBudget;
import io.dray.sidecar.frame.FramePool;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PausesTest {
    private static final int NORMAL = 2;
    private static final int LOW = 3;

    private final Destination agent = new Destination(Destination.AGENT, "b");
    private final Destination topic = new Destination(Destination.TOPIC, "t.u");
    private final RecordingOrigin origin = new RecordingOrigin();
    private final Pauses pauses = new Pauses();

    @Test
    void tellsASenderOnceForEachDestination() {
        pauses.pause(origin, agent, NORMAL);
        pauses.pause(origin, agent, NORMAL);
        pauses.pause(origin, topic, NORMAL);

        assertThat(origin.flows()).containsExactly("pause agent:b", "pause topic:t.u");
    }

    @Test
    void tellsEverybodyToGoOn() {
        pauses.pause(origin, agent, NORMAL);
        pauses.pause(origin, topic, NORMAL);
        origin.flows().clear();

        pauses.resumeAll();

        assertThat(origin.flows()).containsExactlyInAnyOrder("resume agent:b", "resume topic:t.u");
        assertThat(pauses.isEmpty()).isTrue();
    }

    @Test
    void pausesAgainAfterItWentOn() {
        pauses.pause(origin, agent, NORMAL);
        pauses.resume(agent, NORMAL);
        pauses.pause(origin, agent, NORMAL);

        assertThat(origin.flows()).containsExactly("pause agent:b", "resume agent:b", "pause agent:b");
    }

    @Test
    void holdsNobodyBackWhenSomebodyWasFasterToLetGo() {
        var words = new FlowWords();
        Origin slow = new Origin() {
            @Override
            public void receipts(long session, long first, int count, int level, @Nullable Error error) {
                throw new AssertionError("nothing is refused here");
            }

            @Override
            public void flow(Destination destination, int lane, boolean paused) {
                if (paused) {
                    // Another thread lets everybody go on before the pause has arrived.
                    pauses.resumeAll();
                }
                words.put(destination, lane, paused);
            }

            @Override
            public void held(long bytes) {
                throw new AssertionError("nothing is held here");
            }
        };

        pauses.pause(slow, agent, NORMAL);

        words.repeat();
        assertThat(words.size()).isZero();
    }

    @Test
    void holdsNobodyBackOnceItIsClosed() {
        pauses.pause(origin, agent, NORMAL);

        pauses.close();
        pauses.pause(origin, topic, NORMAL);

        assertThat(origin.flows()).containsExactly("pause agent:b", "resume agent:b");
    }

    @Test
    void eachLaneGoesOnByItself() {
        LaneQueue queue = new LaneQueue(1_000, new MemoryBudget(100_000), new FramePool());
        Parcel waiting = Parcels.of(origin, 1, 300);
        waiting.lane = LOW;
        queue.offer(waiting);
        pauses.pause(origin, agent, NORMAL);
        pauses.pause(origin, agent, LOW);
        origin.flows().clear();

        pauses.resumeRelaxed(queue);
        assertThat(origin.flows()).containsExactly("resume agent:b");
        assertThat(pauses.isEmpty()).isFalse();
        queue.drain(new Parcel(), _ -> {});
        pauses.resumeRelaxed(queue);

        assertThat(origin.flows()).containsExactly("resume agent:b", "resume agent:b lane 3");
        assertThat(pauses.isEmpty()).isTrue();
    }
}
