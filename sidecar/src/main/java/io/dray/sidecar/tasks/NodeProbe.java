package io.dray.sidecar.tasks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures this host from /proc, cut down to the limits of its control group; where /proc is missing, from the JVM's
 * own view of its container. CPU is what was used between two samples. One thread at a time.
 */
public final class NodeProbe {
    private static final Pattern SOME_10 = Pattern.compile("^some avg10=([0-9.]+)", Pattern.MULTILINE);
    private static final List<String> PRESSURES = List.of("cpu", "memory", "io");

    private final HostFiles files;
    private final ControlGroup group;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private CpuTimes before = CpuTimes.NONE;
    private long groupUsedBefore = -1;
    private long sampledBefore;

    /** Jiffies since boot, over all processors. */
    private record CpuTimes(int processors, long idle, long total) {
        static final CpuTimes NONE = new CpuTimes(0, 0, 0);
    }

    /** @param root where proc/ and sys/ are; "/" outside of tests */
    public NodeProbe(Path root) {
        this.files = new HostFiles(root);
        this.group = ControlGroup.find(files);
    }

    synchronized HostFigures sample() {
        return sample(System.nanoTime());
    }

    synchronized HostFigures sample(long nowNanos) {
        Map<String, Double> gauges = new HashMap<>();
        CpuTimes times = cpuTimes();
        int processors = times.processors > 0 ? times.processors : system.getAvailableProcessors();
        int totalCpuMillis = totalCpuMillis(processors);
        int freeCpuMillis = freeCpuMillis(times, processors, totalCpuMillis, nowNanos);
        double load = loads(gauges);
        double pressure = pressures(gauges);
        long totalMemory = totalMemoryBytes();
        return new HostFigures(
                totalCpuMillis,
                freeCpuMillis,
                totalMemory,
                Math.min(totalMemory, freeMemoryBytes()),
                (int) Math.round(pressure * 10),
                (int) Math.round(load * 1000 / processors),
                gauges);
    }

    private CpuTimes cpuTimes() {
        int processors = 0;
        long idle = 0;
        long total = 0;
        for (String line : files.lines("proc/stat")) {
            if (line.startsWith("cpu ")) {
                String[] fields = line.trim().split("\\s+", -1);
                // user nice system idle iowait irq softirq steal; guest times are part of user already.
                for (int i = 1; i < Math.min(fields.length, 9); i++) {
                    long jiffies = HostFiles.number(fields[i]).orElse(0);
                    total += jiffies;
                    idle += i == 4 || i == 5 ? jiffies : 0;
                }
            } else if (line.startsWith("cpu")) {
                processors++;
            }
        }
        return new CpuTimes(processors, idle, total);
    }

    private int totalCpuMillis(int processors) {
        long quota = group.cpuLimitMillis().orElse(Long.MAX_VALUE);
        return (int) Math.max(1, Math.min(processors * 1000L, quota));
    }

    /** Returns the idle part since the sample before; all at the first one. */
    private int freeCpuMillis(CpuTimes times, int processors, int totalCpuMillis, long nowNanos) {
        long free = totalCpuMillis;
        if (times.processors == 0) {
            double busy = Math.max(0, system.getCpuLoad());
            free = Math.round(totalCpuMillis * (1 - busy));
        } else if (before.processors > 0 && times.total > before.total) {
            free = (times.idle - before.idle) * processors * 1000 / (times.total - before.total);
        }
        OptionalLong used = group.cpuUsedNanos();
        if (used.isPresent() && groupUsedBefore >= 0 && nowNanos > sampledBefore) {
            long usedMillis = (used.getAsLong() - groupUsedBefore) * 1000 / (nowNanos - sampledBefore);
            free = Math.min(free, totalCpuMillis - usedMillis);
        }
        before = times;
        groupUsedBefore = used.orElse(-1);
        sampledBefore = nowNanos;
        return Math.clamp(free, 0, totalCpuMillis);
    }

    private double loads(Map<String, Double> gauges) {
        String[] fields = files.text("proc/loadavg").trim().split("\\s+", -1);
        String[] names = {"load1", "load5", "load15"};
        for (int i = 0; i < names.length && i < fields.length; i++) {
            OptionalDouble load = HostFiles.decimal(fields[i]);
            if (load.isPresent()) {
                gauges.put(names[i], load.getAsDouble());
            }
        }
        return gauges.getOrDefault("load1", Math.max(0, system.getSystemLoadAverage()));
    }

    /** Returns the greatest pressure in percent; 0 where the kernel does not tell. */
    private double pressures(Map<String, Double> gauges) {
        double greatest = 0;
        for (String name : PRESSURES) {
            Matcher some = SOME_10.matcher(files.text("proc/pressure/" + name));
            OptionalDouble percent = some.find() ? HostFiles.decimal(some.group(1)) : OptionalDouble.empty();
            if (percent.isPresent()) {
                gauges.put(name + "_pressure_some10", percent.getAsDouble());
                greatest = Math.max(greatest, percent.getAsDouble());
            }
        }
        return greatest;
    }

    private long totalMemoryBytes() {
        long host = memory("MemTotal").orElseGet(system::getTotalMemorySize);
        return Math.min(host, group.memoryLimitBytes().orElse(Long.MAX_VALUE));
    }

    private long freeMemoryBytes() {
        long free = memory("MemAvailable").orElseGet(system::getFreeMemorySize);
        OptionalLong limit = group.memoryLimitBytes();
        OptionalLong used = group.memoryUsedBytes();
        if (limit.isPresent() && used.isPresent()) {
            free = Math.min(free, limit.getAsLong() - used.getAsLong());
        }
        return Math.max(0, free);
    }

    private OptionalLong memory(String name) {
        for (String line : files.lines("proc/meminfo")) {
            if (line.startsWith(name + ":")) {
                OptionalLong kibibytes = HostFiles.number(line.replaceAll("[^0-9]", ""));
                return kibibytes.isPresent() ? OptionalLong.of(kibibytes.getAsLong() * 1024) : kibibytes;
            }
        }
        return OptionalLong.empty();
    }
}
