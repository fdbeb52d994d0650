package io.dray.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.ModuleEdges;
import org.junit.jupiter.api.Test;

/** Lives here because only this module has all others on its class path. */
class ModuleEdgesTest {
    @Test
    void modulesImportInThePlannedDirectionOnly() {
        assertThat(ModuleEdges.violations()).isEmpty();
    }
}
