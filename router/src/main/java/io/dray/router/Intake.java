package io.dray.router;

import com.google.protobuf.ByteString;
import io.dray.router.dispatch.NewTask;
import io.dray.router.tasks.Outcome;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Error;
import java.util.Optional;

/** Turns what was submitted into what the dispatcher takes. Stateless. */
final class Intake {
    private Intake() {}

    /** Fills in the defaults and checks; a large payload takes a moment. */
    static Outcome<NewTask> newTask(TaskSpec given, String tenant, String principal, long nowMicros) {
        TaskSpec spec = TaskSpecs.complete(given);
        ByteString payload = given.getPayload();
        Optional<Error> refusal = TaskChecks.check(spec, payload, nowMicros);
        return refusal.isPresent()
                ? Outcome.refused(refusal.get())
                : Outcome.done(new NewTask(spec, payload, tenant, principal, TaskSpecs.fingerprint(spec, payload)));
    }
}
