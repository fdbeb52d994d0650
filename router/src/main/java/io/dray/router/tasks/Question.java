package io.dray.router.tasks;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The last thing that a task's worker asked, and the answer once there is one. It outlives the attempt that asked, so
 * that the next one need not ask again. Immutable.
 *
 * @param token of the attempt that asked
 * @param number of the question within that attempt
 * @param text what was asked, opaque; empty means nothing
 */
public record Question(
        long token, long number, ByteString text, @Nullable ByteString answer) {
    public static final Question NONE = new Question(0, 0, ByteString.EMPTY, null);

    /** Returns a question without answer. */
    public static Question asked(long token, long number, ByteString text) {
        return new Question(token, number, text, null);
    }

    /** Returns whether an answer would be news. */
    public boolean isOpen() {
        return !text.isEmpty() && answer == null;
    }

    public Question answered(ByteString with) {
        return new Question(token, number, text, with);
    }

    /**
     * Returns this question as a worker asks it now: the same that it asked before, or with the same bytes what an
     * earlier attempt asked, keeps its answer.
     */
    public Question askedAgain(long byToken, long asNumber, ByteString now) {
        boolean same = byToken == token ? asNumber == number : now.equals(text);
        return new Question(byToken, asNumber, now, same ? answer : null);
    }
}
