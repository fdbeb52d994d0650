package io.dray.sidecar.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProbeTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long GIB = 1L << 30;

    @TempDir
    Path root;

    @BeforeEach
    void aHostOfFourCoresAndSixteenGibibytes() throws IOException {
        file("proc/stat", stat(0, 0));
        file("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1000000 kB\nMemAvailable:    8388608 kB\n");
        file("proc/loadavg", "2.00 1.50 1.00 3/456 7890\n");
        file("proc/self/cgroup", "0::/\n");
    }

    @Test
    void measuresTheHostBetweenTwoSamples() throws IOException {
        NodeProbe probe = new NodeProbe(root);
        assertThat(probe.sample(0).freeCpuMillis()).isEqualTo(4_000);

        file("proc/stat", stat(100, 300));
        HostFigures figures = probe.sample(SECOND);

        assertThat(figures.totalCpuMillis()).isEqualTo(4_000);
        assertThat(figures.freeCpuMillis()).isEqualTo(3_000);
        assertThat(figures.totalMemoryBytes()).isEqualTo(16 * GIB);
        assertThat(figures.freeMemoryBytes()).isEqualTo(8 * GIB);
        assertThat(figures.loadPermille()).isEqualTo(500);
        assertThat(figures.gauges()).containsEntry("load1", 2.0).containsEntry("load15", 1.0);
    }

    @Test
    void tellsNoPressureWhereTheKernelTellsNone() {
        HostFigures figures = new NodeProbe(root).sample(0);

        assertThat(figures.pressurePermille()).isZero();
        assertThat(figures.gauges()).doesNotContainKey("cpu_pressure_some10");
    }

    @Test
    void tellsTheGreatestPressureInThousandths() throws IOException {
        file("proc/pressure/cpu", "some avg10=12.50 avg60=3.00 avg300=1.00 total=1\n");
        file("proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 total=0\n");
        file("proc/pressure/io", "some avg10=40.07 avg60=3.00 avg300=1.00 total=1\nfull avg10=99.00 total=1\n");

        HostFigures figures = new NodeProbe(root).sample(0);

        assertThat(figures.pressurePermille()).isEqualTo(401);
        assertThat(figures.gauges()).containsEntry("cpu_pressure_some10", 12.5);
    }

    @Test
    void staysWithinTheLimitsOfAGroupOfVersionTwo() throws IOException {
        file("proc/self/cgroup", "0::/slice/app\n");
        file("sys/fs/cgroup/cgroup.controllers", "cpu memory\n");
        file("sys/fs/cgroup/slice/cpu.max", "150000 100000\n");
        file("sys/fs/cgroup/slice/cpu.stat", "usage_usec 5000000\nuser_usec 1\n");
        file("sys/fs/cgroup/slice/app/cpu.max", "max 100000\n");
        file("sys/fs/cgroup/slice/app/memory.max", Long.toString(2 * GIB));
        file("sys/fs/cgroup/slice/app/memory.current", Long.toString(GIB + 1000));
        file("sys/fs/cgroup/slice/app/memory.stat", "anon 5\ninactive_file 1000\n");
        NodeProbe probe = new NodeProbe(root);
        probe.sample(0);

        file("sys/fs/cgroup/slice/cpu.stat", "usage_usec 6000000\nuser_usec 1\n");
        file("proc/stat", stat(100, 300));
        HostFigures figures = probe.sample(SECOND);

        assertThat(figures.totalCpuMillis()).isEqualTo(1_500);
        assertThat(figures.freeCpuMillis()).isEqualTo(500);
        assertThat(figures.totalMemoryBytes()).isEqualTo(2 * GIB);
        assertThat(figures.freeMemoryBytes()).isEqualTo(GIB);
    }

    @Test
    void staysWithinTheLimitsOfAGroupOfVersionOne() throws IOException {
        file("proc/self/cgroup", "4:memory:/box\n2:cpuacct:/\n1:cpu:/\n0::/\n");
        file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n");
        file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        file("sys/fs/cgroup/cpuacct/cpuacct.usage", "1000000000\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/memory/box/memory.limit_in_bytes", Long.toString(GIB));
        file("sys/fs/cgroup/memory/box/memory.usage_in_bytes", Long.toString(GIB / 4));
        file("sys/fs/cgroup/memory/box/memory.stat", "cache 1\ntotal_inactive_file 0\n");
        NodeProbe probe = new NodeProbe(root);
        probe.sample(0);

        file("sys/fs/cgroup/cpuacct/cpuacct.usage", "1400000000\n");
        HostFigures figures = probe.sample(SECOND);

        assertThat(figures.totalCpuMillis()).isEqualTo(500);
        assertThat(figures.freeCpuMillis()).isEqualTo(100);
        assertThat(figures.totalMemoryBytes()).isEqualTo(GIB);
        assertThat(figures.freeMemoryBytes()).isEqualTo(GIB / 4 * 3);
    }

    @Test
    void hasNoLimitWhereVersionOneSaysSoByItsLargestNumber() throws IOException {
        file("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
        file("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        HostFigures figures = new NodeProbe(root).sample(0);

        assertThat(figures.totalCpuMillis()).isEqualTo(4_000);
        assertThat(figures.totalMemoryBytes()).isEqualTo(16 * GIB);
    }

    @Test
    void fallsBackToTheViewOfTheJvmWithoutProc(@TempDir Path empty) {
        HostFigures figures = new NodeProbe(empty).sample(0);

        assertThat(figures.totalCpuMillis()).isEqualTo(Runtime.getRuntime().availableProcessors() * 1_000);
        assertThat(figures.totalMemoryBytes()).isPositive();
        assertThat(figures.freeCpuMillis()).isBetween(0, figures.totalCpuMillis());
    }

    @Test
    void livesWithFilesThatMakeNoSense() throws IOException {
        file("proc/stat", "cpu  x y z\ncpu0\n\u0000\n");
        file("proc/meminfo", "MemTotal: many kB\nMemAvailable:\n");
        file("proc/loadavg", "");
        file("proc/pressure/cpu", "some avg10=1.2.3\n");
        file("sys/fs/cgroup/cgroup.controllers", "");
        file("sys/fs/cgroup/cpu.max", "0\n");

        HostFigures figures = new NodeProbe(root).sample(0);

        assertThat(figures.totalCpuMillis()).isPositive();
        assertThat(figures.totalMemoryBytes()).isPositive();
        assertThat(figures.pressurePermille()).isZero();
    }

    /** Four processors with as many busy and idle jiffies in all. */
    private static String stat(long busy, long idle) {
        return "cpu  " + busy + " 0 0 " + idle
                + " 0 0 0 0 0 0\ncpu0 0 0 0 0\ncpu1 0 0 0 0\ncpu2 0 0 0 0\ncpu3 0 0 0 0\n" + "intr 1 2 3\nctxt 5\n";
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
