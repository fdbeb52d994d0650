package io.dray.bench.mesh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Resident memory of processes from /proc. */
public final class Memory {
    private static final double KIB_PER_MIB = 1_024;

    private Memory() {}

    /**
     * Returns how much memory of a process is resident.
     *
     * @param pid its id
     * @return MiB; 0 when it is gone or there is no /proc
     */
    public static double residentMib(long pid) {
        return read(pid, "status", "VmRSS:");
    }

    /**
     * Returns how much memory of a process and its descendants is resident; what several share counts once.
     *
     * @param root its id
     * @return MiB; 0 when it is gone or there is no /proc
     */
    public static double proportionalMib(long root) {
        return Stream.concat(
                        ProcessHandle.of(root).stream(),
                        ProcessHandle.of(root).stream().flatMap(ProcessHandle::descendants))
                .mapToDouble(process -> read(process.pid(), "smaps_rollup", "Pss:"))
                .sum();
    }

    private static double read(long pid, String file, String field) {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/" + file))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException _) {
            return 0;
        }
    }
}
