package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.core.net.MemoryBudget;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoorPlacesTest {
    private static final int MIB = 1024 * 1024;

    private final MemoryBudget budget = new MemoryBudget(64 * MIB);
    private final DoorPlaces places = new DoorPlaces(budget.share("calls", 16 * MIB), 2 * MIB);
    private final List<DoorPlaces.Place> open = new ArrayList<>();

    @Test
    void aConnectionHasAFewAndTheNodeMore() {
        for (int connection = 0; connection < DoorPlaces.MAX_OF_NODE / DoorPlaces.MAX_OF_CONNECTION; connection++) {
            for (int call = 0; call < DoorPlaces.MAX_OF_CONNECTION; call++) {
                open.add(places.take(connection));
            }
            assertThat(refusal(connection).getExpected()).isEqualTo("at most 256 at a time");
        }

        assertThat(refusal("another").getCode()).isEqualTo(Code.CODE_TOO_MANY);
        assertThat(refusal("another").getExpected()).isEqualTo("at most 4096 at a time");
        assertThat(budget.used()).isPositive();
        open.getFirst().close();
        open.getFirst().close();
        open.add(places.take("another"));
        assertThat(refusal("another").getExpected()).isEqualTo("at most 4096 at a time");
        assertThatAllIsGivenBack();
    }

    @Test
    void oneConnectionLeavesMemoryToOthers() {
        DoorPlaces.Place greedy = places.take("a");
        open.add(greedy);
        int held = 0;
        while (greedy.tryHold(MIB)) {
            held++;
        }

        DoorPlaces.Place other = places.take("b");
        open.add(other);

        assertThat(held).isEqualTo(3);
        assertThat(other.tryHold(2 * MIB)).isTrue();
        greedy.letGo();
        assertThat(greedy.tryHold(MIB)).isTrue();
        assertThatAllIsGivenBack();
    }

    @Test
    void withoutMemoryThereIsNoPlace() {
        assertThat(budget.tryReserve(budget.limit())).isTrue();

        assertThat(refusal("a").getCode()).isEqualTo(Code.CODE_MEMORY_FULL);

        assertThat(places.calls()).isZero();
        budget.release(budget.limit());
        assertThatAllIsGivenBack();
    }

    private Error refusal(Object connection) {
        return MeshError.from(catchThrowable(() -> places.take(connection)));
    }

    private void assertThatAllIsGivenBack() {
        open.forEach(DoorPlaces.Place::close);
        assertThat(budget.used()).isZero();
        assertThat(places.calls()).isZero();
    }
}
