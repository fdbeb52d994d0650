package io.dray.bench.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time of processes and of the whole machine from /proc, in hundredths of a second; 0 where there is none. */
public final class CpuTime {
    private static final int TICKS_PER_SECOND = 100;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;
    private static final int ENDED_CHILDREN_SYSTEM_TIME = 14;
    private static final int IDLE = 4;
    private static final int IO_WAIT = 5;
    private static final int STEAL = 8;

    private CpuTime() {}

    /**
     * Returns user and system time of some processes.
     *
     * @param pids their ids
     * @return seconds of one core
     */
    public static double seconds(List<Long> pids) {
        long ticks = 0;
        for (long pid : pids) {
            ticks += ticks(pid, SYSTEM_TIME);
        }
        return (double) ticks / TICKS_PER_SECOND;
    }

    /**
     * Returns user and system time of a process, of its descendants, and of those of its children that have ended.
     *
     * @param root its id
     * @return seconds of one core
     */
    public static double treeSeconds(long root) {
        long ticks = ticks(root, ENDED_CHILDREN_SYSTEM_TIME);
        List<ProcessHandle> descendants = ProcessHandle.of(root).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        for (ProcessHandle descendant : descendants) {
            ticks += ticks(descendant.pid(), SYSTEM_TIME);
        }
        return (double) ticks / TICKS_PER_SECOND;
    }

    /**
     * Returns the time in which the machine's cores were not idle, or were taken away by the machine's own host.
     *
     * @return seconds of one core, summed over all
     */
    public static double machineSeconds() {
        return busySeconds(read(Path.of("/proc/stat")));
    }

    static double busySeconds(String stat) {
        String[] words = stat.lines().findFirst().orElse("").split(" +", -1);
        long busy = 0;
        for (int i = 1; i < words.length && i <= STEAL; i++) {
            if (i != IDLE && i != IO_WAIT) {
                busy += Long.parseLong(words[i]);
            }
        }
        return (double) busy / TICKS_PER_SECOND;
    }

    /** User and system time of the process itself and, where the last field says so, of its ended children. */
    private static long ticks(long pid, int lastField) {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        if (stat.isEmpty()) {
            return 0;
        }
        // The command in parentheses may contain spaces; what follows it starts with field 3.
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = 0;
        for (int i = USER_TIME; i <= lastField; i++) {
            ticks += Long.parseLong(words[i]);
        }
        return ticks;
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException _) {
            return "";
        }
    }
}
