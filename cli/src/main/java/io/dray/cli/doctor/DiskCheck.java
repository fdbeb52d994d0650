package io.dray.cli.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Room and commit time where the router keeps its tasks: each commit waits for the disk once. */
final class DiskCheck {
    private static final int COMMITS = 33;
    private static final int COMMIT_BYTES = 4_096;
    private static final long SLOW_MICROS = 5_000;
    private static final double MICROS_PER_NANO = 1e-3;
    private static final long MIB = 1L << 20;
    private static final long LEAST_FREE_BYTES = 1L << 30;

    private final Path folder;

    /** Looks at the folder, or at the nearest one above that exists. */
    DiskCheck(Path folder) {
        this.folder = SystemFiles.nearestFolder(folder);
    }

    List<Finding> look() {
        return List.of(room(), commits());
    }

    private Finding room() {
        try {
            long free = Files.getFileStore(folder).getUsableSpace();
            String seen = String.format(Locale.ROOT, "%,d MiB free in %s", free / MIB, folder);
            return free >= LEAST_FREE_BYTES
                    ? Finding.ok("disk room", seen)
                    : Finding.warning(
                            "disk room",
                            seen + " (expected: 1,024 MiB)",
                            "make room, or choose another place by --data-dir");
        } catch (IOException e) {
            return Finding.problem("disk room", folder + ": " + e, "choose another place by --data-dir");
        }
    }

    private Finding commits() {
        @Nullable Path file = null;
        try {
            file = Files.createTempFile(folder, ".dray-doctor-", ".tmp");
            long median = medianCommitMicros(file);
            String seen = String.format(
                    Locale.ROOT, "%,d us for a commit of 4 KiB in %s, median of %d", median, folder, COMMITS);
            return median <= SLOW_MICROS
                    ? Finding.ok("disk speed", seen)
                    : Finding.warning(
                            "disk speed",
                            seen + String.format(Locale.ROOT, " (expected: %,d us or less)", SLOW_MICROS),
                            "keep the router's store on a local SSD (store.path)");
        } catch (IOException e) {
            return Finding.problem(
                    "disk speed", folder + " cannot be written: " + e, "choose a folder of yours by --data-dir");
        } finally {
            delete(file);
        }
    }

    private static long medianCommitMicros(Path file) throws IOException {
        long[] nanos = new long[COMMITS];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < COMMITS; i++) {
                long began = System.nanoTime();
                channel.write(ByteBuffer.allocate(COMMIT_BYTES));
                channel.force(false);
                nanos[i] = System.nanoTime() - began;
            }
        }
        Arrays.sort(nanos);
        return Math.round(nanos[COMMITS / 2] * MICROS_PER_NANO);
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException _) {
            return; // the folder was just written; what is left has no content and says whose it is
        }
    }
}
