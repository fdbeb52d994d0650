package io.dray.router;

import io.dray.router.dispatch.Time;
import io.dray.router.v1.NodeReport;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The last report of each node, for people: placement has its own figures. Thread-safe. */
final class Reports {
    /** A report and when it came. Immutable. */
    record Latest(NodeReport report, long atMicros) {}

    private final Map<String, Latest> byNode = new ConcurrentHashMap<>();
    private final Time time;

    Reports(Time time) {
        this.time = time;
    }

    void put(String node, NodeReport report) {
        byNode.put(node, new Latest(report, time.nowMicros()));
    }

    Optional<Latest> of(String node) {
        return Optional.ofNullable(byNode.get(node));
    }
}
