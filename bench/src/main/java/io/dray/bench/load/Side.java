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
 */
public record Side(String system, String where, boolean sink, int connections, boolean publishes) {}
