package io.dray.router.fleet;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.TaskSnapshot;

/** A task on its way to a worker; the number counts within the stream. Immutable. */
public record Assignment(long number, String instance, TaskSnapshot task, ByteString payload) {}
