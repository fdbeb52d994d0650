package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.PackageCycles;
import org.junit.jupiter.api.Test;

class PackagesTest {
    @Test
    void packagesHaveNoCycle() {
        assertThat(PackageCycles.in("io.dray.cli")).isEmpty();
    }
}
