package io.dray.router.fleet;

/** How an attempt ended, as far as it says something of its node. */
public enum Ending {
    /** Its handler returned. */
    SUCCEEDED,
    /** Its handler threw: the task's fault, or the node's. */
    HANDLER_FAILED,
    /** The worker, the node or the lease was lost. */
    LOST,
    /** The node did not take it. */
    REJECTED,
    /** Says nothing. */
    OTHER
}
