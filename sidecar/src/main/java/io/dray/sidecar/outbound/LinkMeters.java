package io.dray.sidecar.outbound;

import java.util.concurrent.atomic.LongAdder;

/** What links count, cheap enough for the hot path; the composition root shows it as meters. Thread-safe. */
public final class LinkMeters {
    /** Envelopes routed to an agent of this host. */
    public final LongAdder routedLocal;

    /** Envelopes routed to another node. */
    public final LongAdder routedRemote;

    /** Bytes of link frames before compression. */
    public final LongAdder rawBytes;

    /** Bytes of link frames as sent. */
    public final LongAdder wireBytes;

    /** Frames that were compressed. */
    public final LongAdder compressedFrames;

    /** Links that broke; always counted. */
    public final LongAdder breaks = new LongAdder();

    /**
     * Creates counters at zero.
     *
     * @param isCounting whether what is on the hot path counts; if not, it stays at zero
     */
    public LinkMeters(boolean isCounting) {
        routedLocal = adder(isCounting);
        routedRemote = adder(isCounting);
        rawBytes = adder(isCounting);
        wireBytes = adder(isCounting);
        compressedFrames = adder(isCounting);
    }

    private static LongAdder adder(boolean isCounting) {
        return isCounting ? new LongAdder() : new Zero();
    }

    /** Stays at zero. */
    private static final class Zero extends LongAdder {
        private static final long serialVersionUID = 1L;

        @Override
        public void add(long count) {
            // Not counted.
        }
    }
}
