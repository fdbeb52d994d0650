package io.dray.sidecar;

import io.dray.core.net.Outflow;

/** A client of the unary door behind a connection. Immutable. */
record DoorReader(Outflow outflow) implements UnreadAnswer.Client {
    /** The client of the call that runs now. */
    static DoorReader current() {
        return new DoorReader(Outflow.current());
    }

    @Override
    public long takenBytes() {
        return outflow.takenBytes();
    }

    @Override
    public void cutOff() {
        outflow.reset("what was answered was not read while others waited for room");
    }
}
