package io.dray.router.store;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.TaskSnapshot;

/** A task with its payload, as read from the store. Immutable. */
public record StoredTask(TaskSnapshot task, ByteString payload) {}
