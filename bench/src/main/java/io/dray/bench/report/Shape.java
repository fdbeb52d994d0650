package io.dray.bench.report;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How load is put on a system. */
public enum Shape {
    /** At a planned rate; latency counts from the planned time, so a stall is seen by all that it delayed. */
    @JsonProperty("open")
    OPEN,
    /** The next message leaves when one of those under way has ended. */
    @JsonProperty("closed")
    CLOSED,
    /** As fast as messages are accepted; latency is that of full queues and is reported as queueing. */
    @JsonProperty("flood")
    FLOOD
}
