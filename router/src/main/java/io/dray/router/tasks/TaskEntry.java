package io.dray.router.tasks;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** A live task in the dispatcher's memory. Owned by the dispatcher's thread. */
public final class TaskEntry {
    /** A lease that does not run: the assignment has not left yet. */
    public static final long NO_LEASE = Long.MAX_VALUE;
    /** A task that is in no heap. */
    static final int NO_PLACE = -1;

    private final Submission submission;
    private TaskSnapshot current;
    private @Nullable TaskSnapshot visible;
    private @Nullable ByteString payload;
    private boolean stored;
    private boolean recovered;
    private int uncommitted;
    private long leaseUntilNanos = NO_LEASE;
    private long turnMicros;
    private int place = NO_PLACE;

    /** Creates an entry; without payload the store has it. */
    public TaskEntry(TaskSnapshot current, @Nullable ByteString payload) {
        this.submission = current.submission();
        this.current = current;
        this.payload = payload;
    }

    public long id() {
        return submission.id();
    }

    public Submission submission() {
        return submission;
    }

    /** Returns the task as the dispatcher thinks of it; may be ahead of the store. */
    public TaskSnapshot current() {
        return current;
    }

    public TaskState state() {
        return current.state();
    }

    public void become(TaskSnapshot next) {
        current = next;
    }

    /** Returns the task as committed, with the latest progress; null before the first commit. */
    public @Nullable TaskSnapshot visible() {
        return visible;
    }

    public void show(TaskSnapshot committed) {
        visible = committed;
    }

    /** Returns whether a commit that holds the task was begun. */
    public boolean isStored() {
        return stored;
    }

    public void markStored() {
        stored = true;
    }

    /** Returns whether all of it that is stored has been committed. */
    public boolean isCommitted() {
        return uncommitted == 0;
    }

    /** Notes a change that a commit must hold before readers see it. */
    public void beginCommit() {
        uncommitted++;
    }

    /** Notes that the commit of a change is done. */
    public void endCommit() {
        uncommitted--;
    }

    public @Nullable ByteString payload() {
        return payload;
    }

    public void dropPayload() {
        payload = null;
    }

    public long leaseUntilNanos() {
        return leaseUntilNanos;
    }

    public void leaseUntil(long nanos) {
        leaseUntilNanos = nanos;
    }

    /** Returns when it expires unless a worker has had it, in Unix microseconds; {@link Long#MAX_VALUE} means never. */
    public long queueUntilMicros() {
        return current.attempts().count() == 0 ? submission.queueUntilMicros() : Long.MAX_VALUE;
    }

    /** Returns whether an earlier router assigned the task. */
    public boolean isRecovered() {
        return recovered;
    }

    /** Says that this router moved the task itself. */
    public void clearRecovered() {
        recovered = false;
    }

    /** Says that the entry was read from the store. */
    public void markRecovered() {
        stored = true;
        recovered = true;
    }

    /** Returns by when the task should be placed, in Unix microseconds; see {@link TaskQueue}. */
    public long turnMicros() {
        return turnMicros;
    }

    void turnAt(long micros) {
        turnMicros = micros;
    }

    /** Returns where the task is in its heap. */
    int place() {
        return place;
    }

    void moveTo(int newPlace) {
        place = newPlace;
    }
}
