package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.TaskKey;
import io.dray.router.v1.TaskSpec;

/** A checked task that wants in; the spec has its defaults and no payload. Immutable. */
public record NewTask(TaskSpec spec, ByteString payload, String tenant, String principal, ByteString fingerprint) {
    boolean hasKey() {
        return !spec.getIdempotencyKey().isEmpty();
    }

    TaskKey key() {
        return new TaskKey(tenant, spec.getIdempotencyKey());
    }
}
