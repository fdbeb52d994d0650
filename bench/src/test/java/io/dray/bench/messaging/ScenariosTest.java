package io.dray.bench.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.bench.report.Contender;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScenariosTest {
    @Test
    void everyFigureOfTheGoalsHasItsContenders() {
        assertThat(contenders("request-reply")).contains("dray local uds", "dray-virtual local uds", "nats local tcp");
        assertThat(contenders("request-reply-1")).contains("dray local uds", "nats local tcp");
        assertThat(contenders("round-trip-1k")).contains("dray local uds", "nats local tcp");
        assertThat(contenders("flood-100b"))
                .contains("dray local uds", "dray remote uds", "dray-at-least-once local uds", "nats local tcp");
        assertThat(contenders("flood-1kb")).contains("dray local uds", "dray remote uds", "nats local tcp");
        assertThat(contenders("one-way-100k")).contains("dray local uds");
        assertThat(contenders("one-way-1k")).contains("dray remote uds");
        assertThat(contenders("agents-50")).contains("dray local uds");
    }

    @Test
    void handlersOnVirtualThreadsStandBesideInlineOnes() {
        for (String local : List.of(
                "request-reply",
                "request-reply-1",
                "round-trip-1k",
                "one-way-100k",
                "flood-100b",
                "flood-1kb",
                "agents-50")) {
            assertThat(contenders(local)).as(local).contains("dray-virtual local uds");
        }
        for (String remote : List.of("flood-100b", "flood-1kb", "one-way-1k")) {
            assertThat(contenders(remote)).as(remote).contains("dray-virtual remote uds");
        }
    }

    @Test
    void namesAndContendersAreUnique() {
        Set<String> names = new HashSet<>();
        for (Scenario scenario : Scenarios.full()) {
            assertThat(names.add(scenario.name())).as(scenario.name()).isTrue();
            assertThat(scenario.contenders()).as(scenario.name()).doesNotHaveDuplicates();
        }
    }

    @Test
    void slowLoadsWarmUpAtFullSpeed() {
        assertThat(Scenarios.named("round-trip-1k").fullSpeed().outstanding()).isEqualTo(64);
        assertThat(Scenarios.named("one-way-1k").fullSpeed().isOneWay()).isTrue();
        assertThat(Scenarios.named("flood-1kb").fullSpeed())
                .isEqualTo(Scenarios.named("flood-1kb").work());
    }

    @Test
    void aNamedScenarioIsQuickWithAllSystemsThatWereAskedFor() {
        MessagingSuite named =
                MessagingSuite.of(true, Set.of("one-way-1k", "text-10kb"), Set.of("nats", "grpc"), new Timing(0, 1, 1));

        assertThat(named.without("nats")).containsExactly("text-10kb");
        assertThat(named.without("grpc")).containsExactly("text-10kb");
        assertThat(Scenarios.quickOf(Scenarios.named("one-way-1k")).contenders().stream()
                        .map(ScenariosTest::words))
                .containsExactly("dray remote uds", "nats local tcp", "grpc-bidi local uds");
    }

    @Test
    void aQuickSuiteTellsWhereItLeavesASystemOut() {
        MessagingSuite quick = MessagingSuite.of(true, Set.of(), Set.of("nats"), new Timing(0, 1, 1));

        assertThat(quick.without("nats")).containsExactly("one-way-1k");
    }

    private static List<String> contenders(String scenario) {
        return Scenarios.named(scenario).contenders().stream()
                .map(ScenariosTest::words)
                .toList();
    }

    private static String words(Contender contender) {
        return contender.system() + " " + contender.path() + " " + contender.transport();
    }
}
