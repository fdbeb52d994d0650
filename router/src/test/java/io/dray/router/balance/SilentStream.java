package io.dray.router.balance;

import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Assignment;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Error;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream with room that nobody listens to. */
final class SilentStream implements NodeStream {
    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void welcome(long epoch) {}

    @Override
    public void assign(Assignment assignment) {}

    @Override
    public void answer(Answer answer) {}

    @Override
    public void cancel(List<AttemptKey> attempts) {}

    @Override
    public void receipt(long eventNumber, @Nullable Error refusal) {}

    @Override
    public void cordoned(boolean cordoned) {}

    @Override
    public void reportTaken(long number) {}

    @Override
    public void end(Error reason) {}
}
