package io.dray.sidecar.tasks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The limits and the use of the control group that this process is in, of version 1 or 2; empty without a limit. A
 * limit of any group above counts too. One thread at a time.
 */
final class ControlGroup {
    private static final String MOUNT = "sys/fs/cgroup";
    /** Version 1 says "no limit" by a number near the largest one. */
    private static final long NO_LIMIT = Long.MAX_VALUE / 2;

    private final HostFiles files;
    private final boolean unified;
    private final List<String> cpuFolders;
    private final List<String> accountFolders;
    private final List<String> memoryFolders;

    private record Limit(String folder, long value) {}

    private ControlGroup(
            HostFiles files,
            boolean unified,
            List<String> cpuFolders,
            List<String> accountFolders,
            List<String> memoryFolders) {
        this.files = files;
        this.unified = unified;
        this.cpuFolders = cpuFolders;
        this.accountFolders = accountFolders;
        this.memoryFolders = memoryFolders;
    }

    static ControlGroup find(HostFiles files) {
        if (files.exists(MOUNT + "/cgroup.controllers")) {
            List<String> folders = upwards(MOUNT, path(files, "").orElse("/"));
            return new ControlGroup(files, true, folders, folders, folders);
        }
        return new ControlGroup(
                files, false, version1(files, "cpu"), version1(files, "cpuacct"), version1(files, "memory"));
    }

    /** Returns the smallest CPU limit in thousandths of a core. */
    OptionalLong cpuLimitMillis() {
        return value(cpuLimit());
    }

    /** Returns the CPU time used under that limit; empty without one. */
    OptionalLong cpuUsedNanos() {
        Optional<Limit> limit = cpuLimit();
        if (limit.isEmpty()) {
            return OptionalLong.empty();
        }
        if (unified) {
            OptionalLong micros = field(limit.get().folder + "/cpu.stat", "usage_usec");
            return micros.isPresent() ? OptionalLong.of(micros.getAsLong() * 1000) : micros;
        }
        int level = cpuFolders.indexOf(limit.get().folder);
        return level < accountFolders.size()
                ? files.value(accountFolders.get(level) + "/cpuacct.usage")
                : OptionalLong.empty();
    }

    OptionalLong memoryLimitBytes() {
        return value(memoryLimit());
    }

    /** Returns the memory in use under that limit, without the file cache that the kernel gives back when asked. */
    OptionalLong memoryUsedBytes() {
        Optional<Limit> limit = memoryLimit();
        if (limit.isEmpty()) {
            return OptionalLong.empty();
        }
        String folder = limit.get().folder;
        OptionalLong used = files.value(folder + (unified ? "/memory.current" : "/memory.usage_in_bytes"));
        long cache = field(folder + "/memory.stat", unified ? "inactive_file" : "total_inactive_file")
                .orElse(0);
        return used.isPresent() ? OptionalLong.of(Math.max(0, used.getAsLong() - cache)) : used;
    }

    private Optional<Limit> cpuLimit() {
        return smallest(cpuFolders, folder -> {
            if (!unified) {
                return quota(files.value(folder + "/cpu.cfs_quota_us"), files.value(folder + "/cpu.cfs_period_us"));
            }
            String[] fields = files.text(folder + "/cpu.max").trim().split("\\s+", -1);
            return fields.length < 2
                    ? OptionalLong.empty()
                    : quota(HostFiles.number(fields[0]), HostFiles.number(fields[1]));
        });
    }

    private Optional<Limit> memoryLimit() {
        String name = unified ? "/memory.max" : "/memory.limit_in_bytes";
        return smallest(memoryFolders, folder -> {
            OptionalLong limit = files.value(folder + name);
            return limit.isPresent() && limit.getAsLong() >= NO_LIMIT ? OptionalLong.empty() : limit;
        });
    }

    private OptionalLong field(String path, String name) {
        for (String line : files.lines(path)) {
            if (line.startsWith(name + " ")) {
                return HostFiles.number(line.substring(name.length() + 1).trim());
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong quota(OptionalLong quotaMicros, OptionalLong periodMicros) {
        boolean limited = quotaMicros.isPresent()
                && periodMicros.isPresent()
                && quotaMicros.getAsLong() > 0
                && periodMicros.getAsLong() > 0;
        return limited
                ? OptionalLong.of(quotaMicros.getAsLong() * 1000 / periodMicros.getAsLong())
                : OptionalLong.empty();
    }

    private static Optional<Limit> smallest(List<String> folders, Function<String, OptionalLong> read) {
        List<Limit> limits = new ArrayList<>();
        for (String folder : folders) {
            read.apply(folder).ifPresent(value -> limits.add(new Limit(folder, value)));
        }
        return limits.stream().min(Comparator.comparingLong(Limit::value));
    }

    private static OptionalLong value(Optional<Limit> limit) {
        return limit.isPresent() ? OptionalLong.of(limit.get().value) : OptionalLong.empty();
    }

    private static List<String> version1(HostFiles files, String controller) {
        String mount = MOUNT + "/" + controller;
        return upwards(mount, path(files, controller).orElse("/"));
    }

    /** Returns the folders of a group and of those above it; inside a container the group's own path is hidden. */
    private static List<String> upwards(String mount, String path) {
        List<String> folders = new ArrayList<>();
        for (Path group = Path.of(path); group != null; group = group.getParent()) {
            folders.add(mount + (group.toString().equals("/") ? "" : group.toString()));
        }
        return folders;
    }

    /** Returns the path of this process in the tree of a controller; the name is empty for version 2. */
    private static Optional<String> path(HostFiles files, String controller) {
        for (String line : files.lines("proc/self/cgroup")) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3 && List.of(fields[1].split(",")).contains(controller)) {
                return Optional.of(fields[2]);
            }
        }
        return Optional.empty();
    }
}
