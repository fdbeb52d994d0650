package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

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
}
