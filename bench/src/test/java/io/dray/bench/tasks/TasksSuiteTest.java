package io.dray.bench.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.messaging.Timing;
import io.dray.bench.tasks.TasksSuite.Store;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TasksSuiteTest {
    private static TasksSuite suite(Set<String> names) {
        return new TasksSuite(false, names, Set.of("nats"), EnumSet.allOf(Store.class), new Timing(0, 1, 1), List.of());
    }

    @Test
    void listsWhatTheGoalsAreAbout() {
        assertThat(TasksSuite.list(false).keySet())
                .containsExactly("life", "submit-10k", "idle-to-handler", "restart-1m", "takeover", "placement-10k");
        assertThat(TasksSuite.list(true)).containsKey("restart-50k").doesNotContainKey("restart-1m");
    }

    @Test
    void tellsWhereAnotherSystemIsNotMeasured() {
        assertThat(suite(Set.of()).without("nats"))
                .containsExactly("idle-to-handler", "restart-1m", "takeover", "placement-10k");
        assertThat(suite(Set.of("life", "takeover")).without("nats")).containsExactly("takeover");
    }

    @Test
    void aSystemThatWasNotAskedForIsMeasuredNowhere() {
        assertThat(suite(Set.of("life")).without("db-scheduler")).containsExactly("life");
    }
}
