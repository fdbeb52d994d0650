package io.dray.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a benchmark ran; names no host.
 *
 * @param cpu model of the processor
 * @param cores as the JVM sees them
 * @param memoryMb of the machine; 0 where it is unknown
 * @param os name and version of the operating system
 * @param kernel its release
 * @param jvm the Java runtime of Dray's processes
 */
public record Machine(String cpu, int cores, long memoryMb, String os, String kernel, String jvm) {
    private static final long KIB_PER_MIB = 1024;

    /**
     * Describes this machine from {@code /proc} and the JVM.
     *
     * @return what could be found out
     */
    public static Machine current() {
        return new Machine(
                value(Path.of("/proc/cpuinfo"), "model name", ':', System.getProperty("os.arch", "unknown")),
                Runtime.getRuntime().availableProcessors(),
                memoryMb(value(Path.of("/proc/meminfo"), "MemTotal", ':', "0")),
                value(Path.of("/etc/os-release"), "PRETTY_NAME", '=', System.getProperty("os.name", "unknown")),
                System.getProperty("os.version", "unknown"),
                System.getProperty("java.vm.name", "unknown") + " " + System.getProperty("java.vm.version", ""));
    }

    static long memoryMb(String text) {
        String digits = text.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) / KIB_PER_MIB;
    }

    /** Finds the first line of a file that begins with a name, and what stands behind its separator. */
    static String value(Path file, String name, char separator, String otherwise) {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name) && line.indexOf(separator) > 0)
                    .map(line -> line.substring(line.indexOf(separator) + 1)
                            .replace("\"", "")
                            .trim())
                    .findFirst()
                    .orElse(otherwise);
        } catch (IOException _) {
            return otherwise;
        }
    }
}
