package io.dray.cli.demo;

import io.dray.cli.output.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a demo found out; the keys of its JSON are fixed. Immutable.
 *
 * @param known what the mesh knew before; empty when the demo started it
 */
record DemoReport(
        int files,
        int digested,
        Map<String, Integer> tasksByNode,
        long attempts,
        Traffic traffic,
        List<String> topTerms,
        List<String> killed,
        Optional<Known> known) {

    /** What the sidecars carried. */
    record Traffic(
            long messagesLocal,
            long messagesRemote,
            long bytesRaw,
            long bytesWire,
            long addressCacheHits,
            long routeP50Micros,
            long routeP99Micros,
            long warmP50Micros,
            long warmP99Micros) {

        static Traffic of(StatusTally tally) {
            var routing = tally.routing();
            var warm = tally.warmRouting();
            return new Traffic(
                    tally.sum("dray_envelopes_routed_total", "path=\"local\""),
                    tally.sum("dray_envelopes_routed_total", "path=\"remote\""),
                    tally.sum("dray_link_bytes_raw_total", ""),
                    tally.sum("dray_link_bytes_wire_total", ""),
                    tally.sum("dray_address_cache_hits_total", ""),
                    routing.getValueAtPercentile(50),
                    routing.getValueAtPercentile(99),
                    warm.getValueAtPercentile(50),
                    warm.getValueAtPercentile(99));
        }
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("files", files).put("digested", digested);
        ObjectNode tasks = node.putObject("tasks_by_node");
        tasksByNode.forEach(tasks::put);
        node.put("attempts", attempts)
                .put("messages_local", traffic.messagesLocal())
                .put("messages_remote", traffic.messagesRemote())
                .put("bytes_raw", traffic.bytesRaw())
                .put("bytes_wire", traffic.bytesWire())
                .put("address_cache_hits", traffic.addressCacheHits())
                .put("route_p50_us", traffic.routeP50Micros())
                .put("route_p99_us", traffic.routeP99Micros());
        topTerms.forEach(node.putArray("top_terms")::add);
        killed.forEach(node.putArray("killed")::add);
        known.ifPresent(replies -> node.putObject("replies")
                .put("cached", replies.cached())
                .put("from_agents", replies.fromAgents())
                .put("digested_anew", digestedAnew(replies))
                .put("digest_millis", millis(replies.digestNanos()))
                .put("ask_millis", millis(replies.askNanos()))
                .put("saved_millis", millis(replies.savedNanos())));
        return node;
    }

    /** Files for which a task was submitted. */
    int digestedAnew(Known replies) {
        return files - replies.files().size();
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
