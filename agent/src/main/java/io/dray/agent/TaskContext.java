package io.dray.agent;

import java.nio.charset.StandardCharsets;

/** What a running attempt may say and ask. Thread-safe; does nothing after the attempt has ended. */
public interface TaskContext {
    /** Returns the mesh that the worker is attached to. */
    Mesh mesh();

    /**
     * Tells how far it is; coalesced, so it may be called often.
     *
     * @param percent 0-100; other values are clamped
     * @param message for people; cut at 1 KiB
     */
    void progress(int percent, String message);

    /** Stores a state from which a later attempt may go on; it gets the last one as {@link Task#checkpoint()}. */
    void checkpoint(byte[] state);

    /**
     * Parks the task until somebody answers, by {@link TaskHandle#answer} or {@code dray task answer}: blocks the
     * handler, which meanwhile takes no slot. Question and answer are stored. When this process is lost, the next attempt
     * that asks the same bytes gets an answer that came meanwhile, so ask before effects that must not be repeated.
     *
     * @param question for whoever answers, 1 byte to 64 KiB
     * @return the answer, may be empty
     * @throws InterruptedException when the attempt was cancelled
     * @throws IllegalArgumentException when the question is empty or too large
     */
    byte[] park(byte[] question) throws InterruptedException;

    /** Parks with a question as UTF-8 text; see {@link #park(byte[])}. */
    default String park(String question) throws InterruptedException {
        return new String(park(question.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    /** Whether the attempt was cancelled or its lease was lost; the handler should return. */
    boolean isCancelled();
}
