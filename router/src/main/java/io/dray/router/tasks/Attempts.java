package io.dray.router.tasks;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a task so far: how many counted, the newest token (it only grows), who had the newest, why the last
 * one failed, and the last checkpoint. Immutable.
 */
public record Attempts(
        int count,
        long token,
        @Nullable Hold last,
        @Nullable Error error,
        ByteString checkpoint) {
    public static final Attempts NONE = new Attempts(0, 0, null, null, ByteString.EMPTY);

    Attempts assigned(Hold hold) {
        return new Attempts(count + 1, hold.token(), hold, error, checkpoint);
    }

    /** A rejected assignment does not count; its token is used up nevertheless. */
    Attempts rejected() {
        return new Attempts(count - 1, token, last, error, checkpoint);
    }

    Attempts failed(Error cause) {
        return new Attempts(count, token, last, cause, checkpoint);
    }

    Attempts withCheckpoint(ByteString state) {
        return new Attempts(count, token, last, error, state);
    }
}
