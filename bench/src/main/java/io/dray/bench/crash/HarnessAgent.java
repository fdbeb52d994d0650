package io.dray.bench.crash;

import io.dray.bench.crash.FaultPlan.Target;
import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.Jvm;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A child process of the harness itself: sends or handles, and writes ledgers. One thread at a time uses it. */
final class HarnessAgent implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);

    private final Victim victim;
    private final Class<?> main;
    private final List<String> args;
    private final Path logs;
    private @Nullable Child child;

    /** An agent that is not running yet; its log has the name of the target. */
    HarnessAgent(Target target, Class<?> main, List<String> args, Path logs) {
        this.victim = new Victim.Killable(target, this::child, () -> launch(target.name()));
        this.main = main;
        this.args = args;
        this.logs = logs;
    }

    Victim victim() {
        return victim;
    }

    Child child() {
        if (child == null) {
            throw new IllegalStateException("the agent was never started");
        }
        return child;
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
        }
    }

    private void launch(String name) throws IOException {
        child = Jvm.start(name, main, args, logs);
        child.ready(START);
    }
}
