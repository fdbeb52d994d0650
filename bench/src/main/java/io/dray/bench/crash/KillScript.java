package io.dray.bench.crash;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Kills one process after the other with SIGKILL and starts it again, as a seed decides. One thread uses it. */
final class KillScript {
    private static final int MIN_PAUSE_MILLIS = 200;
    private static final int MAX_PAUSE_MILLIS = 1_500;
    private static final int MAX_DOWN_MILLIS = 1_000;

    private final List<Victim> victims;
    private final Random random;
    private final Map<String, Integer> kills = new TreeMap<>();

    KillScript(List<Victim> victims, long seed) {
        this.victims = victims;
        this.random = new Random(seed);
    }

    /** Runs until the time is over; then all victims are up. */
    void run(int seconds) throws IOException, InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        while (System.nanoTime() < end) {
            Thread.sleep(random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS));
            Victim victim = victims.get(random.nextInt(victims.size()));
            victim.child().kill();
            kills.merge(victim.kind(), 1, Integer::sum);
            Thread.sleep(random.nextInt(MAX_DOWN_MILLIS));
            victim.start();
        }
    }

    /** Returns how often each kind of process was killed. */
    Map<String, Integer> kills() {
        return kills;
    }
}
