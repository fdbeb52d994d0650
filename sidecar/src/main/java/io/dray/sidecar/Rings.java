package io.dray.sidecar;

import io.dray.core.net.RingMemory;
import io.dray.core.telemetry.Meters;
import io.dray.sidecar.frame.FramePool;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shared memory of this sidecar: makes rings for streams that carry large frames, as many as its limit allows.
 *
 * <p>A file has a name only until its agent has mapped it, or its stream has ended. Those of a sidecar that was killed in
 * between go when another one of the host makes its first ring. Thread-safe.
 */
final class Rings {
    /** Bytes of one ring: what a socket's buffers hold, so that neither side waits for each frame of the other. */
    static final int CAPACITY = 1 << 20;

    /** Memory that has no file behind it, on every Linux. */
    static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final Logger log = LoggerFactory.getLogger(Rings.class);
    private static final String PREFIX = "dray-ring-";

    private final Path folder;
    private final long mostBytes;
    private final FramePool pool;
    private final AtomicLong bytes = new AtomicLong();
    private final LongAdder read = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final AtomicBoolean swept = new AtomicBoolean();
    private volatile boolean broken;

    /** A ring whose agent has not mapped it yet. */
    record Made(RingMemory memory, Path file) {}

    /**
     * Makes it without a ring.
     *
     * @param folder where files for memory are, mostly {@link #SHARED_MEMORY}
     * @param mostBytes of all rings together; 0 makes none
     * @param pool where frames that were read come from
     */
    Rings(Path folder, long mostBytes, FramePool pool) {
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.pool = pool;
    }

    /** Registers what it counts. */
    void show(Meters meters) {
        String frames = "Frames that went through shared memory";
        meters.total("dray_ring_frames", frames, read::sum, "from", "agent");
        meters.total("dray_ring_frames", frames, written::sum, "from", "sidecar");
        meters.gauge("dray_ring_bytes", "Shared memory for frames", bytes::get);
    }

    FramePool pool() {
        return pool;
    }

    void onRead() {
        read.increment();
    }

    void onWritten() {
        written.increment();
    }

    /** Makes a ring, whose memory belongs to this thread; null when there is none. */
    @Nullable
    Made make() {
        if (broken || !reserve()) {
            return null;
        }
        try {
            if (swept.compareAndSet(false, true)) {
                sweep();
            }
            String number = Long.toHexString(ThreadLocalRandom.current().nextLong());
            Path file = folder.resolve(PREFIX + ProcessHandle.current().pid() + "-" + number);
            return new Made(create(file), file);
        } catch (IOException | RuntimeException e) {
            broken = true;
            log.warn(
                    "no shared memory in {}: large frames of agents go through their sockets, which is slower",
                    folder,
                    e);
        }
        release();
        return null;
    }

    /** Gives the memory of a ring back. */
    void release() {
        bytes.addAndGet(-CAPACITY);
    }

    /** Takes the name of a ring away; who has mapped it keeps it. */
    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.warn("{} cannot be deleted: {}", file, e.toString());
        }
    }

    private static RingMemory create(Path file) throws IOException {
        try {
            return RingMemory.create(file, CAPACITY);
        } catch (IOException | RuntimeException e) {
            delete(file);
            throw e;
        }
    }

    private boolean reserve() {
        if (bytes.addAndGet(CAPACITY) <= mostBytes) {
            return true;
        }
        release();
        return false;
    }

    /** Deletes what sidecars left that were killed; at worst, of one in another container, an offer fails. */
    private void sweep() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, PREFIX + "*-*")) {
            for (Path file : files) {
                String pid =
                        file.getFileName().toString().substring(PREFIX.length()).split("-", 2)[0];
                if (pid.matches("[0-9]{1,9}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    delete(file);
                }
            }
        }
    }
}
