package io.dray.sidecar.queue;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The choice of who gets an envelope: the less loaded of two at random; when neither of them can take it now, that of
 * the first two that can, of so many from a random place on. As thread-safe as what it is made of; allocates nothing.
 */
public final class BetterOfTwo<T> {
    /** Asked beside the first two: where all of thousands are crowded, more would only cost each envelope more. */
    static final int MAX_TRIES = 32;

    private final RandomGenerator random;
    private final Candidates<T> known;

    /** What is known of those that could get it. */
    public interface Candidates<T> {
        /** Whether it can take the parcel now. Cheap: asked of one after the other until two can, or 32 were asked. */
        boolean isUsable(T candidate, Parcel parcel);

        /** How much it has to do; of those that cannot take it now the least gets it when none can. */
        long load(T candidate);
    }

    /** Creates the choice by what is known. */
    public BetterOfTwo(RandomGenerator random, Candidates<T> known) {
        this.random = random;
        this.known = known;
    }

    /** Chooses one; the list must not be empty. */
    public T choose(List<T> candidates, Parcel parcel) {
        int size = candidates.size();
        if (size == 1) {
            return candidates.getFirst();
        }
        int first = random.nextInt(size);
        T one = candidates.get(first);
        T other = candidates.get((first + 1 + random.nextInt(size - 1)) % size);
        boolean isUsable = known.isUsable(one, parcel);
        if (isUsable != known.isUsable(other, parcel)) {
            return isUsable ? one : other;
        }
        return isUsable || size == 2 ? less(one, other) : usable(candidates, first, parcel, less(one, other));
    }

    /** The less loaded of the first two that can take it, from a place on; the fallback when none is found. */
    private T usable(List<T> candidates, int place, Parcel parcel, T fallback) {
        T found = fallback;
        boolean isFound = false;
        // With the first of the two at the place, and the other perhaps among those behind it, all of few are asked.
        int last = Math.min(candidates.size() - 1, MAX_TRIES);
        for (int i = 1; i <= last; i++) {
            T candidate = candidates.get((place + i) % candidates.size());
            if (known.isUsable(candidate, parcel)) {
                if (isFound) {
                    return less(found, candidate);
                }
                found = candidate;
                isFound = true;
            }
        }
        return found;
    }

    private T less(T one, T other) {
        return known.load(one) <= known.load(other) ? one : other;
    }
}
