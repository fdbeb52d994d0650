package io.dray.bench.crash;

import io.dray.bench.crash.FaultPlan.Step;
import io.dray.bench.crash.FaultPlan.Target;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does to processes what a plan says, and tells each of it as it happens. A process is served by a thread of its own,
 * so that one that starts slowly holds no other up. One thread uses it.
 */
final class FaultScript {
    private final Map<Target, Victim> victims = new LinkedHashMap<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final PrintStream out;
    private long startedNanos;

    FaultScript(List<Victim> victims, PrintStream out) {
        victims.forEach(victim -> this.victims.put(victim.target(), victim));
        this.out = out;
    }

    /** Runs until the time is over and all are up again. */
    void run(long seconds, long seed) throws IOException, InterruptedException {
        List<Step> plan = FaultPlan.of(List.copyOf(victims.keySet()), seed, seconds);
        startedNanos = System.nanoTime();
        Map<Target, ExecutorService> threads = new LinkedHashMap<>();
        victims.keySet()
                .forEach(target -> threads.put(
                        target,
                        Executors.newSingleThreadExecutor(Thread.ofVirtual().factory())));
        List<Future<?>> running = new ArrayList<>();
        try {
            for (Step step : plan) {
                sleepUntil(step.atMillis());
                throwWhatFailed(running);
                counts.merge(step.target().kind() + " " + step.fault().word(), 1, Integer::sum);
                ExecutorService thread = Objects.requireNonNull(threads.get(step.target()));
                running.add(thread.submit(() -> meet(step)));
            }
            sleepUntil(seconds * 1_000);
            for (Future<?> one : running) {
                await(one);
            }
        } finally {
            threads.values().forEach(ExecutorService::shutdownNow);
        }
    }

    /** Returns how often which kind of process met which fault. */
    Map<String, Integer> counts() {
        return counts;
    }

    private boolean meet(Step step) throws IOException, InterruptedException {
        Victim victim = Objects.requireNonNull(victims.get(step.target()));
        switch (step.fault()) {
            case KILL -> {
                tell(step, "killed");
                victim.kill();
                Thread.sleep(step.millis());
                victim.start();
                tell(step, "is up again");
            }
            case SHORT_STOP, LONG_STOP -> {
                tell(step, "stopped for " + step.millis() / 1_000 + " s");
                victim.stop();
                Thread.sleep(step.millis());
                victim.go();
                tell(step, "goes on");
            }
        }
        return true;
    }

    private void tell(Step step, String what) {
        Duration time = Duration.ofNanos(System.nanoTime() - startedNanos);
        out.println(String.format(
                Locale.ROOT,
                "%2d:%02d.%d %s %s",
                time.toMinutes(),
                time.toSecondsPart(),
                time.toMillisPart() / 100,
                step.target().name(),
                what));
    }

    private void sleepUntil(long millis) throws InterruptedException {
        long rest = millis - (System.nanoTime() - startedNanos) / 1_000_000;
        if (rest > 0) {
            Thread.sleep(rest);
        }
    }

    /** A process that does not come up again ends the run. */
    private static void throwWhatFailed(List<Future<?>> running) throws IOException, InterruptedException {
        for (Future<?> one : running) {
            if (one.state() == Future.State.FAILED) {
                await(one);
            }
        }
    }

    private static void await(Future<?> one) throws IOException, InterruptedException {
        try {
            one.get();
        } catch (ExecutionException failure) {
            throw new IOException("a process could not be harmed or started: " + failure.getCause(), failure);
        }
    }
}
