package io.dray.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.PackageCycles;
import io.dray.core.testing.Rooms;
import org.junit.jupiter.api.Test;

class PackagesTest {
    @Test
    void packagesHaveNoCycle() {
        assertThat(PackageCycles.in("io.dray.core")).isEmpty();
    }

    @Test
    void roomsImportInThePlannedDirectionOnly() {
        Rooms rooms = Rooms.of("io.dray.core")
                .direction("wire", "net")
                .direction("lifecycle", "net")
                .direction("telemetry", "net")
                .alone("config");

        assertThat(rooms.violations()).isEmpty();
    }
}
