package io.dray.bench.simulation;

/**
 * Who gives the tasks of a case to its nodes. It hears of the end of a task and of a node's figures as its messages
 * arrive, so a network's delay later. Used by one thread.
 */
interface Scheduler {
    /** Takes the nodes in; the first task comes afterwards. */
    void start();

    void submit(SimulatedTask task);

    /** A task has ended on its node, now. */
    void onEnded(SimulatedNode node, SimulatedTask task);

    /** The second of a node is over: it measures itself now. */
    void measure(SimulatedNode node);

    /** Some time after the last task: throws when it still counts something as under way. */
    void checkIdle();

    /** Returns how often a node did not take a task that was given to it. */
    long rejected();

    /** Returns what a decision took, in real time. */
    Decisions decisions();
}
