package io.dray.sidecar.tasks;

/** What the data plane adds to a node report. Thread-safe; never blocks. */
public interface NodeLoad {
    /** Instances attached. */
    int agents();

    /** Envelopes waiting in mailboxes and link queues. */
    long queuedEnvelopes();

    /** Bytes of them. */
    long queuedBytes();
}
