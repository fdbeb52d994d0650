package io.dray.bench.messaging;

import io.dray.bench.mesh.Child;

/**
 * One process of a bed.
 *
 * @param role source, sink, sidecar-a, sidecar-b, router or server
 * @param child who takes commands, and ends it
 * @param pid the process whose CPU and memory count
 * @param isJvm whether it tells of its garbage collections
 */
public record Part(String role, Child child, long pid, boolean isJvm) {
    /**
     * One of our own JVMs, which answers {@code gc}.
     *
     * @param role as above
     * @param child as above
     * @return the part
     */
    public static Part jvm(String role, Child child) {
        return new Part(role, child, child.pid(), true);
    }

    static Part program(ServerProgram program) {
        return new Part("server", program.child(), program.pid(), false);
    }
}
