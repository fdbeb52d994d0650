package io.dray.cli.doctor;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Java, cores, memory, limits and clock of this machine. */
final class HostChecks {
    private static final int WANTED_JAVA = 25;
    private static final long MIB = 1L << 20;
    /** A router and a sidecar under load, and an agent beside them. */
    private static final long LEAST_MEMORY_BYTES = 512 * MIB;
    /** A connection is a file; so is each agent of thousands. */
    private static final long WANTED_OPEN_FILES = 65_536;

    private static final long LEAST_OPEN_FILES = 4_096;
    /** What the rings of one sidecar may take ({@code memory.rings}), twice. */
    private static final long WANTED_SHARED_BYTES = 32 * MIB;

    private static final long STRICT_OVERCOMMIT = 2;

    private final SystemFiles files;
    private final Machine machine;

    /**
     * What the JVM tells of its machine, within the limits of a container.
     *
     * @param system name of the operating system
     * @param architecture as Java names it
     * @param java feature version
     */
    record Machine(String system, String architecture, int java, String javaText, int cores, long memoryBytes) {
        static Machine current() {
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Machine(
                    System.getProperty("os.name", "?"),
                    System.getProperty("os.arch", "?"),
                    Runtime.version().feature(),
                    Runtime.version().toString(),
                    Runtime.getRuntime().availableProcessors(),
                    system.getTotalMemorySize());
        }
    }

    HostChecks(SystemFiles files, Machine machine) {
        this.files = files;
        this.machine = machine;
    }

    List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(system());
        findings.add(java());
        findings.add(capacity());
        files.openFiles().ifPresent(limit -> findings.add(openFiles(limit)));
        hugePages().ifPresent(findings::add);
        overcommit().ifPresent(findings::add);
        findings.add(sharedMemory());
        findings.add(clock());
        return findings;
    }

    private Finding system() {
        String seen = machine.system() + " on " + machine.architecture();
        return machine.system().equals("Linux") && machine.architecture().equals("amd64")
                ? Finding.ok("system", seen)
                : Finding.problem("system", seen + " (expected: Linux on amd64)", "run it on Linux on x86-64");
    }

    private Finding java() {
        return machine.java() >= WANTED_JAVA
                ? Finding.ok("java", machine.javaText())
                : Finding.problem(
                        "java",
                        machine.javaText() + " (expected: " + WANTED_JAVA + " or newer)",
                        "install a JDK 25 and set JAVA_HOME to it");
    }

    private Finding capacity() {
        String seen = String.format(Locale.ROOT, "%d cores, %,d MiB", machine.cores(), machine.memoryBytes() / MIB);
        if (machine.memoryBytes() < LEAST_MEMORY_BYTES) {
            return Finding.warning(
                    "capacity",
                    seen + " (expected: at least 512 MiB)",
                    "give the machine or container more memory, or lower memory.budget of the sidecar");
        }
        return machine.cores() > 1
                ? Finding.ok("capacity", seen)
                : Finding.note(
                        "capacity", seen + " (two or more share the work)", "give the machine or container two cores");
    }

    private static Finding openFiles(long limit) {
        String seen = limit == Long.MAX_VALUE ? "no limit" : String.format(Locale.ROOT, "%,d at most", limit);
        String fix = "ulimit -Hn 65536, LimitNOFILE=65536 of a systemd unit, or a line in /etc/security/limits.conf";
        if (limit < LEAST_OPEN_FILES) {
            return Finding.warning("open files", seen + " (expected: 65,536 for thousands of agents)", fix);
        }
        return limit < WANTED_OPEN_FILES
                ? Finding.note("open files", seen + " (65,536 let thousands of agents connect)", fix)
                : Finding.ok("open files", seen);
    }

    private Optional<Finding> hugePages() {
        return files.text("sys/kernel/mm/transparent_hugepage/enabled").map(text -> {
            String chosen = text.replaceAll(".*\\[(\\w+)].*", "$1");
            return chosen.equals("always")
                    ? Finding.note(
                            "huge pages",
                            "transparent huge pages are always given: processes weigh more than they use",
                            "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
                    : Finding.ok("huge pages", "transparent huge pages: " + chosen);
        });
    }

    private Optional<Finding> overcommit() {
        OptionalLong mode = files.sysctl("vm.overcommit_memory");
        if (mode.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                mode.getAsLong() == STRICT_OVERCOMMIT
                        ? Finding.warning(
                                "overcommit",
                                "vm.overcommit_memory is 2: what a JVM reserves counts as used, 1.5 GiB each",
                                "sysctl -w vm.overcommit_memory=0")
                        : Finding.ok("overcommit", "vm.overcommit_memory is " + mode.getAsLong()));
    }

    private Finding sharedMemory() {
        Path place = files.path("dev/shm");
        String fix = "mount -o remount,size=64m /dev/shm (docker: --shm-size 64m)";
        if (!Files.isWritable(place)) {
            return Finding.note(
                    "shared memory",
                    place + " cannot be written: large frames go through sockets, which is slower",
                    fix);
        }
        try {
            FileStore store = Files.getFileStore(place);
            long free = store.getUsableSpace();
            String seen = String.format(Locale.ROOT, "%,d MiB free in %s", free / MIB, place);
            return free >= WANTED_SHARED_BYTES
                    ? Finding.ok("shared memory", seen)
                    : Finding.note("shared memory", seen + " (32 MiB carry all large frames of a sidecar)", fix);
        } catch (IOException e) {
            return Finding.note("shared memory", place + ": " + e.getMessage(), fix);
        }
    }

    /** Files that the two usual services leave when they have set the clock. */
    private Finding clock() {
        if (files.exists("run/systemd/timesync/synchronized")) {
            return Finding.ok("clock", "set by systemd-timesyncd");
        }
        if (files.exists("run/chrony/chronyd.pid") || files.exists("run/chronyd.pid") || files.exists("run/ntpd.pid")) {
            return Finding.ok("clock", "a time service runs");
        }
        return Finding.note(
                "clock",
                "no time service was found; deadlines cross hosts as times left, but logs and not-before use the clock",
                "apt-get install systemd-timesyncd (the host's service counts for a container)");
    }
}
