package io.dray.sidecar.tasks;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Workers as the relay sees them: keeps what they are told. */
final class FakePort implements WorkerPort {
    final List<Assignment> assigned = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final Set<String> attached = new HashSet<>();
    final Map<String, Long> silentNanos = new HashMap<>();

    @Override
    public boolean assign(String instance, Assignment assignment) {
        if (attached.contains(instance)) {
            assigned.add(assignment);
        }
        return attached.contains(instance);
    }

    @Override
    public boolean cancel(String instance, Attempt attempt) {
        return tell("cancel", instance, attempt);
    }

    @Override
    public boolean answer(String instance, Answer answer) {
        return tell(
                "answer " + answer.getNumber() + " " + answer.getAnswer().toStringUtf8(),
                instance,
                answer.getAttempt());
    }

    @Override
    public boolean finished(String instance, Attempt attempt, @Nullable Error refusal) {
        return tell("finished", instance, attempt);
    }

    @Override
    public long nanosSinceHeard(String instance) {
        return attached.contains(instance) ? silentNanos.getOrDefault(instance, 0L) : Long.MAX_VALUE;
    }

    private boolean tell(String what, String instance, Attempt attempt) {
        told.add(what + " " + attempt.getTaskId() + "#" + attempt.getToken() + " at " + instance);
        return attached.contains(instance);
    }
}
