package io.dray.bench.profile;

import io.dray.bench.mesh.ThreadTime;
import io.dray.bench.report.Machine;
import io.dray.bench.report.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Where the CPU of one scenario went.
 *
 * @param schema version of this shape
 * @param machine where it ran
 * @param revision the Git commit
 * @param command the words that repeat it
 * @param started when it began
 * @param event what the profiler sampled by
 * @param row what the window measured, as in reports of {@code run}; the profiler was at work in it
 * @param processes in the order of starting
 */
record Profile(
        int schema,
        Machine machine,
        String revision,
        String command,
        Instant started,
        String event,
        Row row,
        List<OneProcess> processes) {
    static final int SCHEMA = 1;

    /** Copies the list. */
    Profile {
        processes = List.copyOf(processes);
    }

    /**
     * One process.
     *
     * @param role as in a row's cost: source, sink, sidecar-a ...
     * @param cpuShare its part of the CPU of all processes, 0 to 1
     * @param samples taken of it
     * @param purposes its own CPU by purpose, 0 to 1 each
     * @param top frames that were on top most often
     * @param threads as the kernel's scheduler saw them, those with most CPU first
     */
    record OneProcess(
            String role,
            double cpuShare,
            long samples,
            Map<Purpose, Double> purposes,
            List<TopFrame> top,
            List<ThreadTime> threads) {
        /** Copies the collections. */
        OneProcess {
            purposes = Map.copyOf(purposes);
            top = List.copyOf(top);
            threads = List.copyOf(threads);
        }

        /** Its part of the CPU of all processes that served a purpose. */
        double shareOfAll(Purpose purpose) {
            return cpuShare * purposes.getOrDefault(purpose, 0.0);
        }
    }

    /**
     * A frame on top of stacks.
     *
     * @param frame its name
     * @param share of the process's samples, 0 to 1
     */
    record TopFrame(String frame, double share) {}

    /** A purpose's part of the CPU of all processes. */
    double shareOf(Purpose purpose) {
        return processes.stream()
                .mapToDouble(process -> process.shareOfAll(purpose))
                .sum();
    }

    /** Such as {@code flood-100b, dray local uds}. */
    String title() {
        return row.workload().scenario() + ", " + row.contender().system() + " "
                + row.contender().path() + " " + row.contender().transport();
    }
}
