package io.dray.router.tasks;

import java.util.Map;
import java.util.Set;

/** Which tasks a list or watch wants: of one tenant; empty queue, capability, states or labels mean any. Immutable. */
public record TaskFilter(
        String tenant, String queue, String capability, Set<StateName> states, Map<String, String> labels) {
    public TaskFilter {
        states = Set.copyOf(states);
        labels = Map.copyOf(labels);
    }

    public boolean matches(TaskSnapshot task) {
        return matches(task.submission())
                && (states.isEmpty() || states.contains(task.state().name()));
    }

    private boolean matches(Submission submission) {
        var spec = submission.spec();
        return submission.tenant().equals(tenant)
                && (queue.isEmpty() || queue.equals(spec.getQueue()))
                && (capability.isEmpty() || capability.equals(spec.getCapability()))
                && (labels.isEmpty() || spec.getLabelsMap().entrySet().containsAll(labels.entrySet()));
    }
}
