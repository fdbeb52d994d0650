package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dray.core.config.DataSize;
import io.dray.sidecar.SidecarConfig.Memory;
import org.junit.jupiter.api.Test;

class MemoryConfigTest {
    private static final long MIB = 1024 * 1024;

    @Test
    void aBudgetBeyondItsShareOfHeapOrDirectMemoryIsRefused() {
        DataSize budget = DataSize.ofMiB(64);

        assertThatCode(() -> Memory.checkFits(budget, 107 * MIB, 107 * MIB)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Memory.checkFits(budget, 106 * MIB, 1_000 * MIB))
                .hasMessageContaining("memory.budget: 64MiB")
                .hasMessageContaining("60 % of the heap; raise -Xmx");
        assertThatThrownBy(() -> Memory.checkFits(budget, 1_000 * MIB, 106 * MIB))
                .hasMessageContaining("60 % of direct memory; raise -XX:MaxDirectMemorySize");
    }

    @Test
    void whatThisProcessMayTakeIsAsked() {
        DataSize tooMuch = DataSize.ofMiB(Runtime.getRuntime().maxMemory() / MIB);

        assertThatThrownBy(() -> new Memory(tooMuch, tooMuch, tooMuch, tooMuch, tooMuch))
                .hasMessageContaining("60 % of");
    }
}
