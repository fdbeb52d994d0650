package io.dray.bench.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the kernel's scheduler counted of one thread, or of threads of one name.
 *
 * @param thread its name, at most 15 characters of it
 * @param ranMs time on a core
 * @param waitedMs time it could have run but every core was taken
 * @param slices how often it was given a core
 */
public record ThreadTime(String thread, double ranMs, double waitedMs, long slices) {
    private static final Pattern COMPILER = Pattern.compile("C[12] CompilerThre.*");
    private static final double NANOS_PER_MILLI = 1e6;

    /**
     * Reads those of all threads of a process.
     *
     * @param pid its id
     * @return by the ids of the threads; empty where the kernel does not tell
     */
    public static Map<String, ThreadTime> of(long pid) {
        Map<String, ThreadTime> times = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            tasks.forEach(task -> read(task, times));
        } catch (IOException _) {
            // A process that has ended, or no Linux.
        }
        return times;
    }

    /**
     * Returns what was counted between two readings.
     *
     * @param before the first
     * @param after the second
     * @return by name of thread, most time on a core first
     */
    public static List<ThreadTime> between(Map<String, ThreadTime> before, Map<String, ThreadTime> after) {
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

    /**
     * Returns how long it waited for a core before it ran.
     *
     * @return microseconds, on average
     */
    public double waitedUsPerSlice() {
        return slices == 0 ? 0 : waitedMs * 1_000 / slices;
    }

    /**
     * Returns whether this is a compiler of a JVM.
     *
     * @return true for those of both tiers
     */
    public boolean isCompiler() {
        return COMPILER.matcher(thread).matches();
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
