package io.dray.router.fleet;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.AttemptKey;

/** The answer to a question of a parked attempt. Immutable. */
public record Answer(AttemptKey attempt, long number, ByteString text) {}
