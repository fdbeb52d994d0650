package io.dray.bench.simulation;

import java.util.Locale;

/** The schedulers that can be set side by side. */
enum SchedulerKind {
    DRAY,
    RANDOM,
    ROUND_ROBIN,
    LEAST_LOADED,
    POWER_OF_TWO;

    /** Returns the word by which commands and reports know it. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Scheduler on(Mesh mesh, VirtualTime time, long seed) {
        return switch (this) {
            case DRAY -> new RouterScheduler(mesh, time, seed);
            case RANDOM -> new EarlyBinding(mesh, time, seed, Choice.random());
            case ROUND_ROBIN -> new EarlyBinding(mesh, time, seed, Choice.roundRobin());
            case LEAST_LOADED -> new EarlyBinding(mesh, time, seed, Choice.leastLoaded());
            case POWER_OF_TWO -> new EarlyBinding(mesh, time, seed, Choice.powerOfTwo());
        };
    }
}
