package io.dray.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.crash.FaultPlan.Step;
import io.dray.bench.crash.FaultPlan.Target;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    private static final EnumSet<Fault> ALL = EnumSet.allOf(Fault.class);
    private static final EnumSet<Fault> KILL = EnumSet.of(Fault.KILL);
    private static final List<Target> TARGETS = List.of(
            new Target("router", "router-1", ALL),
            new Target("router", "router-2", ALL),
            new Target("sidecar", "near", ALL),
            new Target("worker", "worker", ALL),
            new Target("submitter", "submitter", KILL),
            new Target("database", "database", KILL));

    @Test
    void theSameSeedGivesTheSameFaultsAndAnotherOneOthers() {
        assertThat(FaultPlan.of(TARGETS, 1, 60)).isEqualTo(FaultPlan.of(TARGETS, 1, 60));
        assertThat(FaultPlan.of(TARGETS, 1, 60)).isNotEqualTo(FaultPlan.of(TARGETS, 2, 60));
    }

    @Test
    void inAMinuteEachKindOfProcessMeetsEachOfItsFaults() {
        LongStream.range(0, 200).forEach(seed -> {
            Map<String, Long> met = FaultPlan.of(TARGETS, seed, 60).stream()
                    .collect(Collectors.groupingBy(
                            step -> step.target().kind() + " " + step.fault(), Collectors.counting()));

            assertThat(met)
                    .as("seed " + seed)
                    .containsKeys(
                            "router KILL",
                            "router SHORT_STOP",
                            "router LONG_STOP",
                            "sidecar KILL",
                            "sidecar SHORT_STOP",
                            "sidecar LONG_STOP",
                            "worker KILL",
                            "worker SHORT_STOP",
                            "worker LONG_STOP",
                            "submitter KILL",
                            "database KILL")
                    .hasSize(11);
        });
    }

    @Test
    void aProcessMeetsOneFaultAtATimeAndOnlyThoseItMayMeet() {
        LongStream.range(0, 200).forEach(seed -> {
            Map<Target, Long> free = new HashMap<>();
            for (Step step : FaultPlan.of(TARGETS, seed, 60)) {
                assertThat(step.atMillis()).as("seed " + seed).isBetween(free.getOrDefault(step.target(), 0L), 59_999L);
                assertThat(step.target().faults()).contains(step.fault());
                free.put(step.target(), step.atMillis() + step.millis());
            }
        });
    }

    @Test
    void aZombieOfTheLongKindOutlivesALease() {
        List<Step> steps = FaultPlan.of(TARGETS, 1, 60);

        assertThat(steps).filteredOn(step -> step.fault() == Fault.LONG_STOP).allMatch(step -> step.millis() == 8_000);
        assertThat(steps).filteredOn(step -> step.fault() == Fault.SHORT_STOP).allMatch(step -> step.millis() == 3_000);
        assertThat(steps).filteredOn(step -> step.fault() == Fault.KILL).allMatch(step -> step.millis() < 1_000);
    }
}
