package io.dray.router.tasks;

import com.google.protobuf.ByteString;

/**
 * Where a task is in its life. Immutable; the legal moves are methods of the state that they leave.
 *
 * <pre>
 * Waiting --ready--> Pending --assign--> Assigned --start--> Running <--park, answer--> Parked
 *    ^                  ^                   |                   |                         |
 *    |                  +----- release -----+----- release -----+-------- release --------+
 *    +------------------------ retryAt -----+----- retryAt -----+-------- retryAt --------+
 *                                           +-------------- succeed / fail ---------------+--> Succeeded | Failed
 *
 * every Open state --cancel--> Cancelled, --expire--> Expired
 * </pre>
 */
public sealed interface TaskState {
    /** Returns the state's name and number. */
    StateName name();

    /** A task that still has something to come. */
    sealed interface Open extends TaskState {
        default Cancelled cancel(long nowMicros) {
            return new Cancelled(nowMicros);
        }

        default Expired expire(long nowMicros) {
            return new Expired(nowMicros);
        }
    }

    /** A task that a worker has. */
    sealed interface Held extends Open {
        Hold hold();

        /** The handler waits for an answer. */
        default Parked park() {
            return new Parked(hold());
        }

        /** The worker did not take it: back to the head of the queue. */
        default Pending release() {
            return new Pending();
        }

        /** The attempt failed and another may follow. */
        default Waiting retryAt(long untilMicros) {
            return new Waiting(WaitingReason.BACKOFF, untilMicros);
        }

        default Succeeded succeed(long nowMicros, ByteString result) {
            return new Succeeded(nowMicros, result);
        }

        default Failed fail(long nowMicros) {
            return new Failed(nowMicros);
        }
    }

    /** A task that will not change any more. */
    sealed interface Ended extends TaskState {
        long finishedMicros();
    }

    /** Held back until a time. */
    record Waiting(WaitingReason reason, long untilMicros) implements Open {
        @Override
        public StateName name() {
            return StateName.WAITING;
        }

        public Pending ready() {
            return new Pending();
        }
    }

    /** Ready to be placed. */
    record Pending() implements Open {
        @Override
        public StateName name() {
            return StateName.PENDING;
        }

        public Assigned assign(Hold hold) {
            return new Assigned(hold);
        }
    }

    /** Given to a worker under a lease. */
    record Assigned(Hold hold) implements Held {
        @Override
        public StateName name() {
            return StateName.ASSIGNED;
        }

        public Running start() {
            return new Running(hold);
        }
    }

    /** Its handler has started. */
    record Running(Hold hold) implements Held {
        @Override
        public StateName name() {
            return StateName.RUNNING;
        }
    }

    /** Its handler waits for an answer from outside. */
    record Parked(Hold hold) implements Held {
        @Override
        public StateName name() {
            return StateName.PARKED;
        }

        public Running answer() {
            return new Running(hold);
        }
    }

    /** Ended with a result. */
    record Succeeded(long finishedMicros, ByteString result) implements Ended {
        @Override
        public StateName name() {
            return StateName.SUCCEEDED;
        }
    }

    /** Ended with an error after its last attempt. */
    record Failed(long finishedMicros) implements Ended {
        @Override
        public StateName name() {
            return StateName.FAILED;
        }
    }

    /** Ended because somebody cancelled it. */
    record Cancelled(long finishedMicros) implements Ended {
        @Override
        public StateName name() {
            return StateName.CANCELLED;
        }
    }

    /** Ended because its deadline passed. */
    record Expired(long finishedMicros) implements Ended {
        @Override
        public StateName name() {
            return StateName.EXPIRED;
        }
    }
}
