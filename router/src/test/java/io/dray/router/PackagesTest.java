package io.dray.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.PackageCycles;
import io.dray.core.testing.Rooms;
import org.junit.jupiter.api.Test;

class PackagesTest {
    @Test
    void packagesHaveNoCycle() {
        assertThat(PackageCycles.in("io.dray.router")).isEmpty();
    }

    @Test
    void roomsImportInThePlannedDirectionOnly() {
        Rooms rooms = Rooms.of("io.dray.router")
                .direction("tasks", "balance")
                .direction("fleet", "balance")
                .direction("balance", "dispatch")
                .direction("tasks", "fleet")
                .direction("tasks", "store")
                .direction("store", "dispatch");

        assertThat(rooms.violations()).isEmpty();
    }
}
