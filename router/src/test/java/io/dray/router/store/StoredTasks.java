package io.dray.router.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.dray.core.wire.MeshError;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Assigned;
import io.dray.router.tasks.TaskState.Pending;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tasks in the states that stores are tested with. Stateless. */
final class StoredTasks {
    static final ByteString PAYLOAD = ByteString.copyFromUtf8("payload");
    static final TaskFilter ALL = new TaskFilter("default", "", "", Set.of(), Map.of());

    private StoredTasks() {}

    static TaskSnapshot pending(long id, String key) {
        TaskSpec spec = TaskSpec.newBuilder()
                .setCapability("digest")
                .setQueue("default")
                .setIdempotencyKey(key)
                .putLabels("id", Long.toString(id))
                .build();
        return TaskSnapshot.submitted(
                new Submission(id, spec, "default", "uid:1", ByteString.copyFromUtf8("print"), 100 + id),
                new Pending());
    }

    static TaskSnapshot assigned(TaskSnapshot task) {
        return task.assigned(new Pending(), new Hold(task.attempts().token() + 1, "n", "w/1@n", 500));
    }

    /** A task that waits for its second attempt, with a checkpoint. */
    static TaskSnapshot backingOff(long id, String key) {
        TaskSnapshot held = assigned(pending(id, key)).checkpointed(ByteString.copyFromUtf8("state"));
        return held.retried((Assigned) held.state(), 777, MeshError.of(Code.CODE_WORKER_LOST, "lost"));
    }

    static TaskSnapshot succeeded(TaskSnapshot task) {
        return succeeded(task, 900);
    }

    static TaskSnapshot succeeded(TaskSnapshot task, long finishedMicros) {
        TaskSnapshot held = task.state() instanceof Assigned ? task : assigned(task);
        return held.succeeded((Assigned) held.state(), finishedMicros, ByteString.copyFromUtf8("42"));
    }

    /** The same task, whose payload and result are kept so long after its end. */
    static TaskSnapshot withResultTtl(TaskSnapshot task, long micros) {
        Submission submission = task.submission();
        TaskSpec spec = submission.spec().toBuilder()
                .setResultTtl(Duration.newBuilder().setNanos((int) micros * 1_000))
                .build();
        return new TaskSnapshot(
                new Submission(
                        submission.id(),
                        spec,
                        submission.tenant(),
                        submission.principal(),
                        submission.fingerprint(),
                        submission.submittedMicros()),
                task.state(),
                task.attempts(),
                task.progress(),
                task.cancelRequested(),
                task.revision());
    }

    static Change insert(TaskSnapshot task) {
        return new Change.Insert(task, PAYLOAD);
    }

    static List<TaskSnapshot> live(Store store) throws StoreException {
        List<TaskSnapshot> live = new ArrayList<>();
        store.forEachLive(live::add);
        return live;
    }
}
