package io.dray.bench.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }
}
