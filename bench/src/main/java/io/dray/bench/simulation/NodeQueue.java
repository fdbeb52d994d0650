package io.dray.bench.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/** Tasks that wait at a node which was chosen for them: what fits of the first ones starts. Used by one thread. */
final class NodeQueue {
    /** As many as the router looks at, so that the difference is where tasks wait. */
    private static final int WINDOW = 16;

    private final SimulatedNode node;
    private final List<SimulatedTask> window = new ArrayList<>(WINDOW);
    private final Deque<SimulatedTask> behind = new ArrayDeque<>();

    NodeQueue(SimulatedNode node) {
        this.node = node;
    }

    void add(SimulatedTask task) {
        behind.add(task);
        startWhatFits();
    }

    void startWhatFits() {
        boolean started = true;
        while (started) {
            while (window.size() < WINDOW && !behind.isEmpty()) {
                window.add(behind.remove());
            }
            started = startSome();
        }
    }

    private boolean startSome() {
        boolean started = false;
        for (Iterator<SimulatedTask> waiting = window.iterator(); waiting.hasNext(); ) {
            SimulatedTask task = waiting.next();
            if (node.fits(task)) {
                waiting.remove();
                node.start(task);
                started = true;
            }
        }
        return started;
    }
}
