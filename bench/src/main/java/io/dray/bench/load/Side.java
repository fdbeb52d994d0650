package io.dray.bench.load;

/**
 * Which side of which system a child process takes.
 *
 * @param system dray, dray-virtual, dray-at-least-once, nats, grpc or grpc-bidi
 * @param where the system's address; a gRPC sink listens there, all others connect
 * @param sink whether it receives rather than sends
 * @param connections how many agents it is, each with a connection of its own; agent n of the source talks to agent n
 *     of the sink
 * @param publishes whether agents of the sink subscribe to one topic
 * @param first number of its first agent, for a side that is more than one process
 */
public record Side(String system, String where, boolean sink, int connections, boolean publishes, int first) {
    /**
     * A side that is one process.
     *
     * @param system as above
     * @param where as above
     * @param sink as above
     * @param connections as above
     * @param publishes as above
     */
    public Side(String system, String where, boolean sink, int connections, boolean publishes) {
        this(system, where, sink, connections, publishes, 0);
    }
}
