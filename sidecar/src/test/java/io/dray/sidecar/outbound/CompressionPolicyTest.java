package io.dray.sidecar.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.sidecar.outbound.CompressionPolicy.Mode;
import org.junit.jupiter.api.Test;

class CompressionPolicyTest {
    @Test
    void leavesSmallFramesAlone() {
        assertThat(policy(Mode.ALWAYS, false).wants(1_023)).isFalse();
        assertThat(policy(Mode.ALWAYS, false).wants(1_024)).isTrue();
    }

    @Test
    void neverCompressesLoopbackByItself() {
        assertThat(policy(Mode.AUTO, true).wants(60_000)).isFalse();
        assertThat(policy(Mode.ALWAYS, true).wants(60_000)).isTrue();
    }

    @Test
    void givesUpOnWhatDoesNotShrinkAndTriesAgainNowAndThen() {
        var policy = policy(Mode.AUTO, false);
        for (int i = 0; i < 100; i++) {
            policy.compressed(10_000, 9_900);
        }

        int tried = 0;
        for (int i = 0; i < 128; i++) {
            tried += policy.wants(10_000) ? 1 : 0;
        }

        assertThat(tried).isEqualTo(2);
    }

    private static CompressionPolicy policy(Mode mode, boolean loopback) {
        return new CompressionPolicy(new CompressionPolicy.Settings(mode, 1_024, 1), loopback);
    }
}
