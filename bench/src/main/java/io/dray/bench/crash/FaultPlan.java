package io.dray.bench.crash;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * When which process meets which fault, all of it from a seed. The faults are dealt like cards, so that a run of a minute
 * has each kind of process meet each of its faults. Used by one thread.
 */
final class FaultPlan {
    private static final int MIN_PAUSE_MILLIS = 500;
    private static final int MAX_PAUSE_MILLIS = 3_500;
    private static final int MAX_DOWN_MILLIS = 1_000;
    /** Until a process that was started is taken to serve. */
    private static final int START_MILLIS = 3_000;
    /** Kills are as frequent as both stops. */
    private static final int KILL_CARDS = 2;

    private final List<Target> targets;
    private final Random random;
    private final Map<Target, Long> busyUntil = new HashMap<>();
    private final List<Card> deck = new ArrayList<>();

    /**
     * A process.
     *
     * @param kind such as router; faults are spread over kinds, then over the processes of one
     * @param name of this one
     * @param faults that it may meet
     */
    record Target(String kind, String name, Set<Fault> faults) {}

    /**
     * One fault.
     *
     * @param atMillis when, from the start
     * @param target who
     * @param fault what
     * @param millis how long it is down or stopped
     */
    record Step(long atMillis, Target target, Fault fault, long millis) {}

    private record Card(String kind, Fault fault) {}

    private FaultPlan(List<Target> targets, long seed) {
        this.targets = targets;
        this.random = new Random(seed);
    }

    /** Returns the faults of so many seconds in order; a process never meets two at once, several processes may. */
    static List<Step> of(List<Target> targets, long seed, long seconds) {
        return new FaultPlan(targets, seed).steps(seconds * 1_000);
    }

    private List<Step> steps(long endMillis) {
        List<Step> steps = new ArrayList<>();
        for (long at = pause(); at < endMillis; at += pause()) {
            step(at).ifPresent(steps::add);
        }
        return steps;
    }

    private long pause() {
        return random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS);
    }

    /** Plays the first card that a process can take now; none can while all are busy. */
    private Optional<Step> step(long at) {
        if (deck.isEmpty()) {
            deal();
        }
        for (Card card : List.copyOf(deck)) {
            List<Target> free = targets.stream()
                    .filter(target -> target.kind().equals(card.kind()))
                    .filter(target -> target.faults().contains(card.fault()))
                    .filter(target -> busyUntil.getOrDefault(target, 0L) <= at)
                    .toList();
            if (!free.isEmpty()) {
                deck.remove(card);
                return Optional.of(step(at, free.get(random.nextInt(free.size())), card.fault()));
            }
        }
        return Optional.empty();
    }

    private Step step(long at, Target target, Fault fault) {
        boolean kill = fault == Fault.KILL;
        long millis = kill ? random.nextInt(MAX_DOWN_MILLIS) : fault.stopped().toMillis();
        busyUntil.put(target, at + millis + START_MILLIS);
        return new Step(at, target, fault, millis);
    }

    private void deal() {
        for (Target target : targets) {
            for (Fault fault : Fault.values()) {
                Card card = new Card(target.kind(), fault);
                if (target.faults().contains(fault) && !deck.contains(card)) {
                    deck.addAll(Collections.nCopies(fault == Fault.KILL ? KILL_CARDS : 1, card));
                }
            }
        }
        Collections.shuffle(deck, random);
    }
}
