package io.dray.sidecar;

import static io.dray.sidecar.ConfigChecks.inRange;
import static io.dray.sidecar.ConfigChecks.orElse;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.dray.core.config.DataSize;
import io.dray.core.net.EventLoops;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.frame.FramePool;
import java.lang.management.ManagementFactory;

/**
 * Bounds of what waits, lane by lane, and of the pools. Senders of a lane are told to pause when it is a quarter full in
 * a mailbox or a stream of a link; the rest is for what was on its way: what waits for a link, 1 MiB in its window, and
 * some large envelopes.
 *
 * @param budget all that waits in the process, default 64MiB; at least 16MiB, at most 60 % of heap and of direct memory
 * @param mailbox what waits for one instance in each lane, 64KiB to the budget; default 4MiB
 * @param link what waits for one stream of a link in each lane, 64KiB to the budget; default 4MiB
 * @param source what waits on behalf of one sender before nothing more is read from it, 64KiB to the budget; default 8MiB
 * @param blob what one large payload has on its way through, 64KiB to a quarter of the budget, which is what all of them
 *     have; default 512KiB
 * @param frames arrays of received frames that are kept to be used again, 0B-256MiB, with the budget at most 60 % of the
 *     heap; default 9MiB: what a link and some agents have in flight; without, each routed envelope costs garbage of its
 *     own size
 * @param rings memory shared with agents of the same user, in rings of 1MiB for each direction of a stream that carries
 *     large frames, 0B-1GiB; default 16MiB; without, or beyond, their frames go through sockets, which costs twice the
 *     CPU
 * @param chunk what Netty takes of direct memory at a time, and keeps: a power of two of 256KiB-16MiB; default 2MiB: a
 *     smaller one is given back sooner, but what does not fit into it is taken from the system each time
 */
public record MemoryConfig(
        DataSize budget,
        DataSize mailbox,
        DataSize link,
        DataSize source,
        DataSize blob,
        DataSize frames,
        DataSize rings,
        DataSize chunk) {
    private static final double SHARE = 0.6;
    private static final long MIB = 1024L * 1024;

    /** A peer, and what large payloads have here, is a quarter of the budget: the largest envelope has to fit in. */
    private static final DataSize LEAST_BUDGET = DataSize.ofMiB(16);

    /** What a payload that goes whole may have. */
    private static final DataSize LEAST_QUEUE = DataSize.ofKiB(64);

    private static final int QUARTERS = 4;

    private static final DataSize BUDGET = DataSize.ofMiB(64);
    private static final DataSize QUEUE = DataSize.ofMiB(4);
    private static final DataSize SOURCE = DataSize.ofMiB(8);
    private static final DataSize BLOB = DataSize.ofKiB(512);
    private static final DataSize FRAMES = new DataSize(FramePool.DEFAULT_BYTES);
    private static final DataSize RINGS = DataSize.ofMiB(16);
    private static final DataSize CHUNK = new DataSize(EventLoops.DEFAULT_CHUNK_BYTES);

    /** The defaults; of frames no more are kept than fit beside the budget. */
    static MemoryConfig defaults() {
        return new MemoryConfig(BUDGET, QUEUE, QUEUE, SOURCE, BLOB, framesBeside(BUDGET), RINGS, CHUNK);
    }

    /** Puts the defaults in and refuses a budget that this process cannot hold. */
    public MemoryConfig {
        budget = orElse(budget, () -> BUDGET);
        checkFits(budget, Runtime.getRuntime().maxMemory(), directMemory());
        mailbox = checkedQueue("mailbox", orElse(mailbox, () -> QUEUE), budget);
        link = checkedQueue("link", orElse(link, () -> QUEUE), budget);
        source = checkedQueue("source", orElse(source, () -> SOURCE), budget);
        blob = inRange(
                "blob",
                orElse(blob, () -> BLOB),
                new DataSize(Blobs.MAX_CHUNK_BYTES),
                new DataSize(budget.bytes() / QUARTERS),
                "from one chunk to what all large payloads have, a quarter of memory.budget");
        frames = inRange(
                "frames",
                orElse(frames, framesBeside(budget)),
                new DataSize(0),
                DataSize.ofMiB(256),
                "what is kept is heap that nothing else can use");
        checkFit(budget, frames, Runtime.getRuntime().maxMemory());
        rings = inRange(
                "rings",
                orElse(rings, () -> RINGS),
                new DataSize(0),
                DataSize.ofMiB(1024),
                "it is memory of the host that is kept as long as an agent is attached");
        chunk = inRange(
                "chunk",
                orElse(chunk, () -> CHUNK),
                DataSize.ofKiB(256),
                DataSize.ofMiB(16),
                "every loop keeps at least one");
        if (Long.bitCount(chunk.bytes()) != 1) {
            throw ConfigChecks.refusal("chunk", chunk, "a power of two, such as 1MiB or 2MiB", "Netty halves it");
        }
    }

    private static DataSize checkedQueue(String key, DataSize value, DataSize budget) {
        return inRange(key, value, LEAST_QUEUE, budget, "from a payload that goes whole to all of memory.budget");
    }

    static void checkFits(DataSize budget, long heapBytes, long directBytes) {
        if (budget.bytes() < LEAST_BUDGET.bytes()) {
            throw ConfigChecks.refusal(
                    "memory.budget",
                    budget,
                    "at least " + LEAST_BUDGET,
                    "one peer may have a quarter of it, into which the largest envelope fits");
        }
        checkShare(budget, heapBytes, "the heap; raise -Xmx");
        checkShare(budget, directBytes, "direct memory; raise -XX:MaxDirectMemorySize");
    }

    private static DataSize framesBeside(DataSize budget) {
        DataSize left = left(budget, Runtime.getRuntime().maxMemory());
        return left.bytes() < FRAMES.bytes() ? left : FRAMES;
    }

    /** Returns what a budget leaves of its share of the heap, in whole MiB. */
    private static DataSize left(DataSize budget, long heapBytes) {
        return DataSize.ofMiB(Math.max(0, (long) (heapBytes * SHARE) - budget.bytes()) / MIB);
    }

    /** Both are of the heap: what waits, and what is kept for what comes. */
    static void checkFit(DataSize budget, DataSize frames, long heapBytes) {
        DataSize left = left(budget, heapBytes);
        if (frames.bytes() > left.bytes()) {
            throw new IllegalArgumentException("memory.frames: " + frames + " (expected: at most " + left
                    + ", what memory.budget leaves of 60 % of the heap; raise -Xmx or lower one of them)");
        }
    }

    private static void checkShare(DataSize budget, long bytes, String ofWhat) {
        long most = (long) (bytes * SHARE);
        if (budget.bytes() > most) {
            throw new IllegalArgumentException("memory.budget: " + budget + " (expected: at most "
                    + DataSize.ofMiB(most / MIB) + ", 60 % of " + ofWhat + " or lower the budget)");
        }
    }

    /** Returns what direct buffers may take; unless it is set, as much as the heap. */
    private static long directMemory() {
        long set = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        return set == 0 ? Runtime.getRuntime().maxMemory() : set;
    }
}
