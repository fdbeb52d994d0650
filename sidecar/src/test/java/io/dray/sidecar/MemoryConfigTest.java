package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.config.DataSize;
import org.junit.jupiter.api.Test;

class MemoryConfigTest {
    private static final long MIB = 1024 * 1024;

    @Test
    void aBudgetBeyondItsShareOfHeapOrDirectMemoryIsRefused() {
        DataSize budget = DataSize.ofMiB(64);

        assertThatCode(() -> MemoryConfig.checkFits(budget, 107 * MIB, 107 * MIB))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryConfig.checkFits(budget, 106 * MIB, 1_000 * MIB))
                .hasMessageContaining("memory.budget: 64MiB")
                .hasMessageContaining("at most 63MiB, 60 % of the heap; raise -Xmx");
        assertThatThrownBy(() -> MemoryConfig.checkFits(budget, 1_000 * MIB, 106 * MIB))
                .hasMessageContaining("60 % of direct memory; raise -XX:MaxDirectMemorySize");
    }

    @Test
    void framesThatAreKeptMustFitBesideTheBudget() {
        DataSize budget = DataSize.ofMiB(64);

        assertThatCode(() -> MemoryConfig.checkFit(budget, DataSize.ofMiB(89), 256 * MIB))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> MemoryConfig.checkFit(budget, DataSize.ofMiB(90), 256 * MIB))
                .hasMessageStartingWith("memory.frames: 90MiB (expected: at most 89MiB");
        assertThatCode(() -> MemoryConfig.checkFit(budget, DataSize.ofMiB(0), 107 * MIB))
                .doesNotThrowAnyException();
    }

    @Test
    void whatThisProcessMayTakeIsAsked() {
        DataSize tooMuch = DataSize.ofMiB(Runtime.getRuntime().maxMemory() / MIB);

        assertThatThrownBy(() -> new MemoryConfig(
                        tooMuch,
                        tooMuch,
                        tooMuch,
                        tooMuch,
                        tooMuch,
                        DataSize.ofMiB(1),
                        DataSize.ofMiB(0),
                        DataSize.ofMiB(1)))
                .hasMessageContaining("60 % of");
    }
}
