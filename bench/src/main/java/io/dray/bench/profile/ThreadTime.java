package io.dray.bench.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the kernel's scheduler counted of one thread, or of threads of one name.
 *
 * @param thread its name, at most 15 characters of it
 * @param ranMs time on a core
 * @param waitedMs time it could have run but every core was taken
 * @param slices how often it was given a core
 */
record ThreadTime(String thread, double ranMs, double waitedMs, long slices) {
    private static final double NANOS_PER_MILLI = 1e6;

    /** Reads those of all threads of a process by their ids; empty where the kernel does not tell. */
    static Map<String, ThreadTime> of(long pid) {
        Map<String, ThreadTime> times = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            tasks.forEach(task -> read(task, times));
        } catch (IOException _) {
            // A process that has ended, or no Linux.
        }
        return times;
    }

    /** What was counted between two readings, by name, most time on a core first. */
    static List<ThreadTime> between(Map<String, ThreadTime> before, Map<String, ThreadTime> after) {
        Map<String, ThreadTime> grown = new HashMap<>();
        after.forEach((id, now) -> {
            ThreadTime then = before.getOrDefault(id, new ThreadTime(now.thread, 0, 0, 0));
            ThreadTime part = new ThreadTime(
                    now.thread, now.ranMs - then.ranMs, now.waitedMs - then.waitedMs, now.slices - then.slices);
            grown.merge(now.thread, part, ThreadTime::plus);
        });
        return grown.values().stream()
                .filter(time -> time.slices > 0)
                .sorted((one, other) -> Double.compare(other.ranMs, one.ranMs))
                .toList();
    }

    /** Microseconds that it waited for a core before it ran, on average. */
    double waitedUsPerSlice() {
        return slices == 0 ? 0 : waitedMs * 1_000 / slices;
    }

    private ThreadTime plus(ThreadTime other) {
        return new ThreadTime(thread, ranMs + other.ranMs, waitedMs + other.waitedMs, slices + other.slices);
    }

    private static void read(Path task, Map<String, ThreadTime> times) {
        try {
            String[] words = Files.readString(task.resolve("schedstat")).trim().split(" ", -1);
            times.put(
                    task.getFileName().toString(),
                    new ThreadTime(
                            Files.readString(task.resolve("comm")).trim(),
                            Long.parseLong(words[0]) / NANOS_PER_MILLI,
                            Long.parseLong(words[1]) / NANOS_PER_MILLI,
                            Long.parseLong(words[2])));
        } catch (IOException _) {
            // The thread has ended since the folder was listed.
        }
    }
}
