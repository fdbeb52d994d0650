package io.dray.router.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.balance.Verdict;
import io.dray.router.fleet.Filter;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.v1.Placement;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExplainTest {
    private static final AttemptEvent.Succeeded DONE = new AttemptEvent.Succeeded(ByteString.EMPTY);

    private final DispatcherHarness harness = new DispatcherHarness(new MemoryStore()).opened();

    private Explanation explain(TaskSnapshot task) {
        var reply = harness.dispatcher().explain(task.id(), "default");
        harness.settle();
        return DispatcherHarness.done(reply).orElseThrow();
    }

    private Explanation whatIf(TaskSpec.Builder spec) {
        var reply = harness.dispatcher().explain(spec.build());
        harness.settle();
        return DispatcherHarness.done(reply);
    }

    private static TaskSpec.Builder wide(int cpuMillis) {
        TaskSpec.Builder spec = DispatcherHarness.spec("digest");
        spec.getResourcesBuilder().setCpuMillis(cpuMillis);
        return spec;
    }

    private static Map<String, @Nullable Filter> filters(Explanation explanation) {
        Map<String, @Nullable Filter> filters = new HashMap<>();
        explanation.nodes().forEach(verdict -> filters.put(verdict.node(), verdict.filter()));
        return filters;
    }

    @Test
    void eachNodeHasTheFirstFilterThatRefusedIt() {
        harness.node("away").join("digest", 4).leave();
        harness.node("other").join("translate", 4);
        PlayedNode busy = harness.node("busy");
        busy.join(List.of(busy.worker("w", "digest", 4)), 4_000);
        harness.submit("digest", spec -> wide(3_000));
        PlayedNode small = harness.node("small");
        small.join(List.of(small.worker("w", "digest", 4)), 1_000);
        harness.node("cordoned").join("digest", 4);
        var _ = harness.dispatcher().cordon("cordoned", true, false);
        harness.node("slow").join("digest", 4).setRoom(false);
        harness.settle();

        Explanation explanation = whatIf(wide(2_000));

        assertThat(filters(explanation))
                .containsEntry("away", Filter.AWAY)
                .containsEntry("other", Filter.NO_WORKER)
                .containsEntry("busy", Filter.CPU)
                .containsEntry("small", Filter.TOO_SMALL)
                .containsEntry("cordoned", Filter.CORDONED)
                .containsEntry("slow", Filter.BACKLOG);
        assertThat(explanation.impossible()).isFalse();
        assertThat(explanation.summary()).startsWith("None of 6 nodes can take it now: ");
    }

    @Test
    void theNodeThatWouldBeTakenStandsFirst() {
        harness.node("b").join("digest", 4);
        PlayedNode tight = harness.node("tight");
        tight.join(List.of(tight.worker("w", "digest", 4)), 2_000);
        harness.settle();

        Explanation explanation = whatIf(wide(1_000));

        Verdict first = explanation.nodes().getFirst();
        assertThat(first.node()).isEqualTo("tight");
        assertThat(first.chosen()).isTrue();
        assertThat(first.terms()).contains(new Verdict.Term("cpu_left_millis", 1_000));
        assertThat(first.reportAgeMillis()).isPositive();
        assertThat(explanation.summary()).isEqualTo("2 of 2 nodes can take it now, tight comes first.");
        assertThat(explanation.estimatedMicros()).isEqualTo(harness.nowMicros());
        assertThat(harness.assignments()).isEmpty();
    }

    @Test
    void needsThatNoNodeCouldMeetAreSaid() {
        harness.node("a").join("digest", 4);
        harness.node("b").labelled(Map.of("zone", "b")).join("digest", 4);

        assertThat(whatIf(wide(64_000)).impossible()).isTrue();
        assertThat(whatIf(wide(64_000)).summary()).contains("No known node could ever take it", "64.00 cores");
        Placement zone = Placement.newBuilder().putRequiredLabels("zone", "b").build();
        assertThat(whatIf(wide(64_000).setPlacement(zone)).impossible()).isTrue();
        assertThat(whatIf(wide(1_000).setPlacement(zone)).impossible()).isFalse();
    }

    @Test
    void withoutNodesOrWorkersItSaysWhatIsMissing() {
        assertThat(whatIf(wide(100)).summary()).startsWith("No node is known");
        harness.node("a").join("translate", 4);

        Explanation explanation = whatIf(wide(100));

        assertThat(explanation.summary()).startsWith("No node has a worker for digest");
        assertThat(explanation.impossible()).isFalse();
        assertThat(explanation.estimatedMicros()).isZero();
    }

    @Test
    void tasksThatComeBeforeItAreCounted() {
        harness.node("n").join("digest", 1);
        harness.submit("digest");
        harness.submit("digest");
        TaskSnapshot task = harness.submit("digest");
        harness.submit("digest");
        harness.submit("digest", spec -> spec.setPriority(Priority.PRIORITY_CRITICAL));

        assertThat(explain(task).ahead()).isEqualTo(2);
        assertThat(whatIf(DispatcherHarness.spec("digest")).ahead()).isEqualTo(4);
    }

    @Test
    void theEstimateFollowsTheRateOfCompletions() {
        PlayedNode node = harness.node("n").join("digest", 1);
        for (int i = 0; i < 40; i++) {
            harness.submit("digest");
        }
        TaskSnapshot last = harness.submit("digest");
        assertThat(explain(last).estimatedMicros()).isZero();
        for (int second = 0; second < 20; second++) {
            harness.pass(Duration.ofSeconds(1));
            node.event(node.newest(), DONE);
            node.report();
            harness.settle();
        }

        double seconds = (explain(last).estimatedMicros() - harness.nowMicros()) / 1e6;

        assertThat(explain(last).ahead()).isEqualTo(19);
        assertThat(seconds).isBetween(15.0, 25.0);
    }

    @Test
    void aTaskThatRunsIsWhereItIs() {
        harness.node("a").join("digest", 4);
        harness.node("b").join("digest", 4);
        TaskSnapshot task = harness.submit("digest");
        String where = harness.assignments().getFirst().instance();

        Explanation explanation = explain(task);

        assertThat(explanation.summary()).contains("ASSIGNED", where);
        assertThat(explanation.nodes())
                .filteredOn(Verdict::chosen)
                .singleElement()
                .satisfies(verdict -> assertThat(where).endsWith(verdict.node()));
    }

    @Test
    void aTaskThatWaitsForItsTimeSaysUntilWhen() {
        harness.node("a").join("digest", 4);
        TaskSnapshot task =
                harness.submit("digest", spec -> spec.setNotBefore(Micros.timestamp(harness.nowMicros() + 60_000_000)));

        Explanation explanation = explain(task);

        assertThat(explanation.summary()).startsWith("It waits until ").contains("NOT_BEFORE");
        assertThat(explanation.estimatedMicros()).isEqualTo(harness.nowMicros() + 60_000_000);
    }

    @Test
    void aTaskThatEndedOrIsAnothersHasNoExplanation() {
        PlayedNode node = harness.node("a").join("digest", 4);
        TaskSnapshot task = harness.submit("digest");
        TaskSnapshot other = harness.submit("digest");
        node.event(node.newest(), DONE);
        harness.settle();

        var ended = harness.dispatcher().explain(node.newest().taskId(), "default");
        var foreign = harness.dispatcher().explain(Math.min(task.id(), other.id()), "others");
        harness.settle();

        assertThat(DispatcherHarness.done(ended)).isEmpty();
        assertThat(DispatcherHarness.done(foreign)).isEmpty();
    }

    @Test
    void slotsAndRejectionsAreTold() {
        PlayedNode full = harness.node("full").join("digest", 1);
        harness.submit("digest");
        PlayedNode resting = harness.node("resting").join("digest", 1);
        harness.submit("digest");
        resting.event(resting.newest(), new AttemptEvent.Rejected(Error.getDefaultInstance()));
        harness.settle();

        Explanation explanation = whatIf(wide(100));

        assertThat(full.assignments()).hasSize(1);
        assertThat(filters(explanation)).containsEntry("full", Filter.NO_SLOT).containsEntry("resting", Filter.RESTING);
        assertThat(explanation.ahead()).isEqualTo(1);
    }

    @Test
    void aNodeThatIsKeptForAWideTaskSaysSo() {
        PlayedNode node = harness.node("n").join("digest", 10);
        harness.submit("digest", _ -> wide(1_000));
        AttemptKey running = node.newest();
        TaskSnapshot wide = harness.submit("digest", _ -> wide(4_000));
        for (int second = 0; second < 8; second++) {
            harness.pass(Duration.ofSeconds(1));
            node.report(3_000, running);
        }
        harness.settle();

        assertThat(filters(whatIf(wide(100)))).containsEntry("n", Filter.KEPT);
        assertThat(filters(explain(wide))).containsEntry("n", Filter.CPU);
    }

    @Test
    void aNodeThatFailsAgainAndAgainIsEjectedAndSaysUntilWhen() {
        PlayedNode bad = harness.node("bad").labelled(Map.of("zone", "a")).join("digest", 4);
        harness.node("b").join("digest", 4);
        harness.node("c").join("digest", 4);
        Error lost = MeshError.of(Code.CODE_WORKER_LOST, "The agent died.");
        TaskSnapshot task = harness.submit(
                "digest",
                spec -> spec.setRetry(spec.getRetryBuilder()
                                .setMaxAttempts(50)
                                .setInitialBackoff(com.google.protobuf.Duration.newBuilder()
                                        .setNanos(1)))
                        .setPlacement(Placement.newBuilder().putRequiredLabels("zone", "a")));
        int failures = 0;
        for (int beat = 0; beat < 60 && filters(explain(task)).get("bad") != Filter.EJECTED; beat++) {
            if (failures < bad.assignments().size()) {
                failures++;
                bad.event(bad.newest(), new AttemptEvent.Failed(lost));
            }
            harness.pass(Duration.ofSeconds(1));
            bad.report();
            harness.settle();
        }

        Verdict verdict = explain(task).nodes().stream()
                .filter(each -> each.node().equals("bad"))
                .findFirst()
                .orElseThrow();

        assertThat(verdict.filter()).isEqualTo(Filter.EJECTED);
        assertThat(verdict.value()).contains("faults lately");
        assertThat(verdict.expected()).startsWith("until ");
        assertThat(failures).isBetween(3, 6);
    }
}
