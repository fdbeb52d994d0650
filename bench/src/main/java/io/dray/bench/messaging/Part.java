package io.dray.bench.messaging;

import io.dray.bench.mesh.Child;
import io.dray.bench.mesh.CpuTime;
import io.dray.bench.mesh.Memory;
import java.util.List;

/**
 * One process of a bed.
 *
 * @param role source, sink, sidecar-a, sidecar-b, router or server
 * @param child who takes commands, and ends it
 * @param pid the process whose CPU and memory count
 * @param isJvm whether it tells of its garbage collections
 * @param isTree whether its descendants count too
 */
public record Part(String role, Child child, long pid, boolean isJvm, boolean isTree) {
    /**
     * One of our own JVMs, which answers {@code gc}.
     *
     * @param role as above
     * @param child as above
     * @return the part
     */
    public static Part jvm(String role, Child child) {
        return new Part(role, child, child.pid(), true, false);
    }

    static Part program(ServerProgram program) {
        return new Part("server", program.child(), program.pid(), false, false);
    }

    /**
     * A program that does its work in processes of its own.
     *
     * @param role as above
     * @param child as above
     * @param pid the first of its processes
     * @return the part
     */
    public static Part tree(String role, Child child, long pid) {
        return new Part(role, child, pid, false, true);
    }

    double cpuSeconds() {
        return isTree ? CpuTime.treeSeconds(pid) : CpuTime.seconds(List.of(pid));
    }

    double residentMib() {
        return isTree ? Memory.proportionalMib(pid) : Memory.residentMib(pid);
    }
}
