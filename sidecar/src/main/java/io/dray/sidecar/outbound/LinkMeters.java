package io.dray.sidecar.outbound;

import java.util.concurrent.atomic.LongAdder;

/** What links count, cheap enough for the hot path; the composition root shows it as meters. Thread-safe. */
public final class LinkMeters {
    /** Envelopes routed to an agent of this host. */
    public final LongAdder routedLocal = new LongAdder();

    /** Envelopes routed to another node. */
    public final LongAdder routedRemote = new LongAdder();

    /** Bytes of link frames before compression. */
    public final LongAdder rawBytes = new LongAdder();

    /** Bytes of link frames as sent. */
    public final LongAdder wireBytes = new LongAdder();

    /** Frames that were compressed. */
    public final LongAdder compressedFrames = new LongAdder();

    /** Links that broke. */
    public final LongAdder breaks = new LongAdder();
}
