package io.dray.router.tasks;

import com.google.protobuf.ByteString;
import io.dray.types.v1.Error;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of a task so far: how many counted, the newest token (it only grows), who had the newest, why the last
 * one failed, the last checkpoint, and what the worker asked last. Immutable.
 */
public record Attempts(
        int count,
        long token,
        @Nullable Hold last,
        @Nullable Error error,
        ByteString checkpoint,
        Question question) {
    public static final Attempts NONE = new Attempts(0, 0, null, null, ByteString.EMPTY, Question.NONE);

    Attempts assigned(Hold hold) {
        return new Attempts(count + 1, hold.token(), hold, error, checkpoint, question);
    }

    /** Does not count the newest attempt; its token is used up nevertheless. */
    Attempts uncounted() {
        return new Attempts(count - 1, token, last, error, checkpoint, question);
    }

    Attempts failed(Error cause) {
        return new Attempts(count, token, last, cause, checkpoint, question);
    }

    Attempts withCheckpoint(ByteString state) {
        return new Attempts(count, token, last, error, state, question);
    }

    Attempts withQuestion(Question asked) {
        return new Attempts(count, token, last, error, checkpoint, asked);
    }
}
