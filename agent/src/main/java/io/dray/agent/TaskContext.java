package io.dray.agent;

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

    /** Whether the attempt was cancelled or its lease was lost; the handler should return. */
    boolean isCancelled();
}
