package io.dray.sidecar.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FlowWordsTest {
    private static final Destination SINK = new Destination(Destination.AGENT, "sink");

    private final FlowWords words = new FlowWords();

    @Test
    void aLinkWithRoomDoesNotLetGoWhatTheMailboxBehindItHolds() {
        words.put(SINK, 2, true);
        words.put(SINK, 2, true);
        assertThat(told()).containsExactly("agent:sink NORMAL true");

        words.put(SINK, 2, false);
        assertThat(told()).isEmpty();

        words.put(SINK, 2, false);
        assertThat(told()).containsExactly("agent:sink NORMAL false");
    }

    @Test
    void aPauseThatIsTakenBackBeforeItCameHoldsNobody() {
        words.put(SINK, 2, false);
        words.put(SINK, 2, true);

        assertThat(told()).isEmpty();
        words.put(SINK, 2, true);
        assertThat(told()).containsExactly("agent:sink NORMAL true");
    }

    @Test
    void onlyTheLatestWordOfALaneWaits() {
        words.put(SINK, 2, true);
        words.put(SINK, 3, true);
        words.put(SINK, 2, false);

        assertThat(words.size()).isEqualTo(2);
        assertThat(told()).containsExactly("agent:sink NORMAL false", "agent:sink LOW true");
    }

    @Test
    void saysAgainWhatStillHolds() {
        words.put(SINK, 0, true);
        words.put(SINK, 2, true);
        words.put(SINK, 2, false);
        told();

        words.repeat();

        assertThat(told()).containsExactly("agent:sink CRITICAL true");
    }

    private List<String> told() {
        List<String> told = new ArrayList<>();
        words.take(
                100,
                (destination, priority, paused) ->
                        told.add(destination + " " + priority.name().substring("PRIORITY_".length()) + " " + paused));
        return told;
    }
}
