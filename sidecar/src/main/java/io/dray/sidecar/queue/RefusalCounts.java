package io.dray.sidecar.queue;

import io.dray.types.v1.Code;
import java.util.concurrent.atomic.LongAdder;

/** How often each code was said to a sender of this host. Thread-safe. */
public final class RefusalCounts {
    private final LongAdder[] counts = new LongAdder[highestCode() + 1];

    /** Creates counts of 0. */
    public RefusalCounts() {
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /** Counts one refusal. */
    public void add(Code code) {
        add(code, 1);
    }

    /** Counts as many refusals. */
    public void add(Code code, int count) {
        counts[code == Code.UNRECOGNIZED ? 0 : code.getNumber()].add(count);
    }

    /** Returns how often a code was said. */
    public long of(Code code) {
        return code == Code.UNRECOGNIZED ? 0 : counts[code.getNumber()].sum();
    }

    private static int highestCode() {
        return Code.getDescriptor().getValues().stream()
                .mapToInt(value -> value.getNumber())
                .max()
                .orElse(0);
    }
}
