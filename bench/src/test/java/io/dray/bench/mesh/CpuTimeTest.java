package io.dray.bench.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuTimeTest {
    @Test
    void coresThatTheHostTookAwayAreNotIdle() {
        // user nice system idle iowait irq softirq steal guest guest_nice; a guest's time is the user's already.
        String stat = "cpu  100 20 3 5000 600 7 80 900 50 6\ncpu0 1 1 1 1 1 1 1 1 1 1\n";

        assertThat(CpuTime.busySeconds(stat)).isEqualTo(11.1);
    }

    @Test
    void aMachineWithoutProcHasNone() {
        assertThat(CpuTime.busySeconds("")).isZero();
    }
}
