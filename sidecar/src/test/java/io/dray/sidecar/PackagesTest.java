package io.dray.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.PackageCycles;
import io.dray.core.testing.Rooms;
import org.junit.jupiter.api.Test;

class PackagesTest {
    @Test
    void packagesHaveNoCycle() {
        assertThat(PackageCycles.in("io.dray.sidecar")).isEmpty();
    }

    @Test
    void roomsImportInThePlannedDirectionOnly() {
        Rooms rooms = Rooms.of("io.dray.sidecar")
                .direction("frame", "queue")
                .direction("queue", "blob")
                .direction("blob", "local")
                .direction("local", "inbound")
                .direction("inbound", "outbound")
                .direction("inbound", "replies")
                .direction("peers", "outbound")
                .direction("local", "tasks")
                .direction("routers", "peers")
                .direction("routers", "tasks");

        assertThat(rooms.violations()).isEmpty();
    }
}
