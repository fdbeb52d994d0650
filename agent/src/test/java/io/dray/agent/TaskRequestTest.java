package io.dray.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.router.v1.Placement;
import org.junit.jupiter.api.Test;

class TaskRequestTest {
    private static final TaskRequest TASK = TaskRequest.forCapability("dig");

    @Test
    void wordsOfPlacementAddUp() {
        TaskRequest placed = TASK.requiredLabel("zone", "a")
                .requiredLabel("disk", "ssd")
                .excludedLabel("spot", "yes")
                .preferredLabel("gpu", "l4")
                .spreadKey("shards")
                .nearNode("n7")
                .stickyKey("model-3");

        assertThat(placed.spec().getPlacement())
                .isEqualTo(Placement.newBuilder()
                        .putRequiredLabels("zone", "a")
                        .putRequiredLabels("disk", "ssd")
                        .putExcludedLabels("spot", "yes")
                        .putPreferredLabels("gpu", "l4")
                        .setSpreadKey("shards")
                        .setNearNode("n7")
                        .setStickyKey("model-3")
                        .build());
    }

    @Test
    void aTaskWithoutWordsOfPlacementGoesAnywhere() {
        assertThat(TASK.spec().hasPlacement()).isFalse();
    }

    @Test
    void eachMethodLeavesItsOriginalAsItWas() {
        var _ = TASK.requiredLabel("zone", "a");

        assertThat(TASK.spec().hasPlacement()).isFalse();
    }
}
