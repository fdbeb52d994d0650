package io.dray.bench.report;

import java.util.Objects;

/**
 * Who carried the messages, and how.
 *
 * @param system dray (inline handlers), dray-virtual (handlers on virtual threads), grpc, nats ...
 * @param path local (one sidecar or server) or remote (two)
 * @param transport between agent and server: uds or tcp
 */
public record Contender(String system, String path, String transport) {

    /** Refuses what a file left out. */
    public Contender {
        Objects.requireNonNull(system, "system");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(transport, "transport");
    }

    /** All three, for example {@code dray local uds}. */
    String title() {
        return system + " " + path + " " + transport;
    }

    /** Whether this is Dray in any of its settings rather than a system to compare it with. */
    boolean isDray() {
        return system.equals("dray") || system.startsWith("dray-");
    }
}
