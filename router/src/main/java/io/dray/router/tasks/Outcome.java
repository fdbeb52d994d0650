package io.dray.router.tasks;

import io.dray.types.v1.Error;

/** What became of a request: done with a value, or refused. Immutable. */
public sealed interface Outcome<R> {
    /** It was done. */
    record Done<R>(R value) implements Outcome<R> {}

    /** It was refused and changed nothing. */
    record Refused<R>(Error error) implements Outcome<R> {}

    static <R> Outcome<R> done(R value) {
        return new Done<>(value);
    }

    static <R> Outcome<R> refused(Error error) {
        return new Refused<>(error);
    }
}
