package io.dray.bench.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Traffic of the loopback interface from /proc. */
public final class Loopback {
    private Loopback() {}

    /**
     * Returns what all processes of this machine have sent to each other by IP.
     *
     * @return bytes since the machine's start, headers included; 0 where there is no /proc
     */
    public static long bytes() {
        try (var lines = Files.lines(Path.of("/proc/net/dev"))) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith("lo:"))
                    .mapToLong(line -> Long.parseLong(line.substring(3).strip().split(" +", 2)[0]))
                    .findFirst()
                    .orElse(0);
        } catch (IOException _) {
            return 0;
        }
    }
}
