package io.dray.bench.simulation;

/** Binds a task to a node as soon as it arrives. Used by one thread. */
interface Choice {
    int choose(KnownLoad known, SimulatedTask task);

    /** Returns a choice at random, by CPU. */
    static Choice random() {
        return KnownLoad::draw;
    }

    /** Returns one node after the other. */
    static Choice roundRobin() {
        return new Choice() {
            private int next;

            @Override
            public int choose(KnownLoad known, SimulatedTask task) {
                int node = next;
                while (!known.couldFit(node, task)) {
                    node = (node + 1) % known.size();
                }
                next = (node + 1) % known.size();
                return node;
            }
        };
    }

    /** Returns the node that said last that least of its CPU is wanted. */
    static Choice leastLoaded() {
        return (known, task) -> {
            int best = -1;
            double least = Double.MAX_VALUE;
            for (int node = 0; node < known.size(); node++) {
                double load = known.reportedLoad(node);
                if (load < least && known.couldFit(node, task)) {
                    best = node;
                    least = load;
                }
            }
            return best;
        };
    }

    /** Returns the better of two nodes drawn at random, by what is in flight and what others were said to use. */
    static Choice powerOfTwo() {
        return (known, task) -> {
            int one = known.draw(task);
            int other = known.draw(task);
            return known.currentLoad(other) < known.currentLoad(one) ? other : one;
        };
    }
}
