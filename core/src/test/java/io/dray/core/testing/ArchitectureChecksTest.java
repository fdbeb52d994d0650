package io.dray.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Sees every architecture check fail on a fixture that is wrong on purpose. */
class ArchitectureChecksTest {
    private static final String FIXTURE = "io.dray.core.testing.fixture";

    @Test
    void packageCycleIsFound() {
        Classes circle = Classes.ofAll(FIXTURE + ".circle");

        assertThat(PackageCycles.in(circle)).singleElement().asString().contains("Cycle detected", "circle.low");
    }

    @Test
    void packagesInOneDirectionPass() {
        assertThat(PackageCycles.in(Classes.ofAll(FIXTURE + ".upward"))).isEmpty();
    }

    @Test
    void importAgainstADirectionIsFound() {
        Rooms rooms = Rooms.of(Classes.ofAll(FIXTURE + ".upward")).direction("low", "middle");
        rooms.direction("middle", "high");

        assertThat(rooms.violations()).anySatisfy(text -> assertThat(text).startsWith("low imports high"));
    }

    @Test
    void importOfTheRootPackageIsFound() {
        Rooms rooms = Rooms.of(Classes.ofAll(FIXTURE + ".upward"));

        assertThat(rooms.violations())
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).startsWith("high imports :"));
    }

    @Test
    void importByALonelyRoomIsFound() {
        Rooms rooms = Rooms.of(Classes.ofAll(FIXTURE + ".upward")).alone("low");

        assertThat(rooms.violations()).anySatisfy(text -> assertThat(text).startsWith("low imports high"));
    }

    @Test
    void moduleEdgesUpwardAndSidewaysAreFound() {
        Classes edges = Classes.ofAll(FIXTURE + ".edges");

        assertThat(ModuleEdges.violations(edges))
                .anySatisfy(text -> assertThat(text).contains("core.Core", "agent.Agent"))
                .anySatisfy(text -> assertThat(text).contains("agent.Agent", "sidecar.Sidecar"));
    }
}
