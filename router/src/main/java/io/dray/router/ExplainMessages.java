package io.dray.router;

import io.dray.router.balance.Verdict;
import io.dray.router.dispatch.Explanation;
import io.dray.router.fleet.Filter;
import io.dray.router.tasks.Micros;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.v1.ExplainTaskResponse;
import io.dray.router.v1.NodeVerdict;
import io.dray.router.v1.ScoreTerm;
import io.dray.types.v1.Error;
import java.time.Instant;

/** Explanations in the contract's messages. Stateless. */
final class ExplainMessages {
    private ExplainMessages() {}

    static Outcome<ExplainTaskResponse> response(Outcome<Explanation> outcome) {
        return switch (outcome) {
            case Outcome.Done<Explanation>(Explanation explanation) -> Outcome.done(response(explanation));
            case Outcome.Refused<Explanation>(Error error) -> Outcome.refused(error);
        };
    }

    private static ExplainTaskResponse response(Explanation explanation) {
        ExplainTaskResponse.Builder response = ExplainTaskResponse.newBuilder()
                .setAhead(explanation.ahead())
                .setSummary(explanation.summary())
                .setImpossible(explanation.impossible());
        explanation.task().ifPresent(task -> response.setTask(TaskMessages.bare(task)));
        explanation.nodes().forEach(verdict -> response.addNodes(verdict(verdict)));
        if (explanation.estimatedMicros() > 0) {
            response.setEstimatedAt(Micros.timestamp(explanation.estimatedMicros()));
        }
        return response.build();
    }

    private static NodeVerdict.Builder verdict(Verdict verdict) {
        NodeVerdict.Builder node = NodeVerdict.newBuilder()
                .setNode(verdict.node())
                .setValue(verdict.value())
                .setExpected(verdict.expected())
                .setReportAgeMillis(verdict.reportAgeMillis())
                .setChosen(verdict.chosen());
        Filter filter = verdict.filter();
        if (filter != null) {
            node.setFilterValue(filter.number());
        }
        verdict.terms()
                .forEach(term -> node.addTerms(
                        ScoreTerm.newBuilder().setName(term.name()).setValue(term.value())));
        return node;
    }

    /** A task that has ended goes nowhere. */
    static Outcome<ExplainTaskResponse> ended(TaskSnapshot task) {
        String when = task.state() instanceof TaskState.Ended ended
                ? " at " + Instant.ofEpochSecond(ended.finishedMicros() / 1_000_000)
                : "";
        return Outcome.done(ExplainTaskResponse.newBuilder()
                .setTask(TaskMessages.bare(task))
                .setSummary("It has ended" + when + ": " + task.state().name() + ".")
                .build());
    }
}
