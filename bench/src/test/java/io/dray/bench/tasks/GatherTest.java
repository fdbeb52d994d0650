package io.dray.bench.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class GatherTest {
    private final List<List<Integer>> sent = new ArrayList<>();
    private final Queue<Runnable> underWay = new ArrayDeque<>();

    private Gather<Integer> gather(int limit, int most) {
        return new Gather<>(limit, most, (batch, done) -> {
            sent.add(batch);
            underWay.add(done);
        });
    }

    @Test
    void sendsAtOnceAndGathersWhatComesMeanwhile() {
        Gather<Integer> gather = gather(2, 10);
        List.of(1, 2, 3, 4, 5).forEach(gather::add);
        assertThat(sent).containsExactly(List.of(1), List.of(2));

        underWay.remove().run();

        assertThat(sent).containsExactly(List.of(1), List.of(2), List.of(3, 4, 5));
    }

    @Test
    void aBatchHoldsNoMoreThanItMay() {
        Gather<Integer> gather = gather(1, 2);
        List.of(1, 2, 3, 4).forEach(gather::add);

        underWay.remove().run();
        underWay.remove().run();

        assertThat(sent).containsExactly(List.of(1), List.of(2, 3), List.of(4));
    }

    @Test
    void whatComesWhenNothingIsUnderWayDoesNotWait() {
        Gather<Integer> gather = gather(1, 2);
        gather.add(1);
        underWay.remove().run();

        gather.add(2);

        assertThat(sent).containsExactly(List.of(1), List.of(2));
    }
}
