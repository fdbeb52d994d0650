package io.dray.sidecar;

import io.dray.agent.v1.Answer;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.sidecar.local.Attachment;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.tasks.WorkerPort;
import io.dray.types.v1.Error;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets the task relay reach the workers that are attached. Thread-safe. */
final class LocalWorkers implements WorkerPort {
    private final LocalAgents agents;

    LocalWorkers(LocalAgents agents) {
        this.agents = agents;
    }

    @Override
    public boolean assign(String instance, Assignment assignment) {
        return tell(instance, stream -> stream.assign(assignment));
    }

    @Override
    public boolean cancel(String instance, Attempt attempt) {
        return tell(instance, stream -> stream.cancel(attempt));
    }

    @Override
    public boolean answer(String instance, Answer answer) {
        return tell(instance, stream -> stream.answer(answer));
    }

    @Override
    public boolean finished(String instance, Attempt attempt, @Nullable Error refusal) {
        return tell(instance, stream -> stream.finished(attempt));
    }

    @Override
    public long nanosSinceHeard(String instance) {
        Attachment stream = stream(instance);
        return stream == null ? Long.MAX_VALUE : stream.nanosSinceHeard();
    }

    private boolean tell(String instance, Consumer<Attachment> words) {
        Attachment stream = stream(instance);
        if (stream == null) {
            return false;
        }
        words.accept(stream);
        return true;
    }

    private @Nullable Attachment stream(String instance) {
        LocalAgent agent = agents.table().announced(instance);
        return agent == null ? null : agent.attachment();
    }
}
