package io.dray.sidecar;

import com.sun.management.ThreadMXBean;
import io.dray.core.net.EventLoops;
import io.dray.core.net.LaneSchedule;
import io.dray.core.net.MemoryBudget;
import io.dray.core.telemetry.Meters;
import io.dray.sidecar.local.LocalAgent;
import io.dray.sidecar.local.LocalAgents;
import io.dray.sidecar.outbound.LinkMeters;
import io.dray.sidecar.outbound.PeerLinks;
import io.dray.sidecar.queue.RefusalCounts;
import io.dray.sidecar.replies.ReplyCache;
import io.dray.sidecar.tasks.NodeLoad;
import io.dray.types.v1.Code;
import io.dray.types.v1.Priority;
import io.netty.util.concurrent.EventExecutor;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;

/** Shows what the data plane counts, at /metrics and in StatusService. Thread-safe. */
final class SidecarMeters implements NodeLoad {
    private final LocalAgents agents;
    private final PeerLinks links;

    SidecarMeters(LocalAgents agents, PeerLinks links) {
        this.agents = agents;
        this.links = links;
    }

    /** Registers everything; called once. */
    void show(Meters meters, LinkMeters counts, RefusalCounts refusals, MemoryBudget budget, EventLoops loops) {
        String routed = "Envelopes routed at the sidecar of their sender";
        meters.total("dray_envelopes_routed", routed, counts.routedLocal::sum, "path", "local");
        meters.total("dray_envelopes_routed", routed, counts.routedRemote::sum, "path", "remote");
        meters.total("dray_link_bytes_raw", "Bytes of link frames before compression", counts.rawBytes::sum);
        meters.total("dray_link_bytes_wire", "Bytes of link frames as sent", counts.wireBytes::sum);
        meters.total("dray_link_frames_compressed", "Link frames sent compressed", counts.compressedFrames::sum);
        meters.total("dray_link_breaks", "Links that broke", counts.breaks::sum);
        for (Code code : Code.values()) {
            if (code != Code.UNRECOGNIZED && code != Code.CODE_UNSPECIFIED) {
                String word = code.name().substring("CODE_".length());
                meters.total("dray_refused", "Refusals said to senders", () -> refusals.of(code), "code", word);
            }
        }
        meters.gauge("dray_agents_attached", "Instances attached", this::agents);
        meters.gauge("dray_queued_envelopes", "Envelopes waiting", this::queuedEnvelopes);
        meters.gauge("dray_mailbox_queued_bytes", "Bytes waiting in mailboxes", this::mailboxBytes);
        meters.gauge("dray_link_queued_bytes", "Bytes waiting for links", links::queuedBytes);
        meters.gauge("dray_memory_used_bytes", "Bytes reserved of the memory budget", budget::used);
        meters.gauge("dray_links_up", "Links that are up", () -> links.up().size());
        meters.gauge("dray_direct_active_bytes", "Direct memory that connections hold", loops::activeDirectBytes);
        meters.gauge("dray_direct_reserved_bytes", "Direct memory of the pool", loops::reservedDirectBytes);
        showAllocation(meters, loops);
    }

    /** Registers what waited for too long; called once. */
    static void showMisses(Meters meters, RouteTimes times) {
        for (int lane = 0; lane < LaneSchedule.LANES; lane++) {
            String word = Priority.forNumber(lane + 1).name().substring("PRIORITY_".length());
            int index = lane;
            meters.total(
                    "dray_lane_misses",
                    "Envelopes that waited here for longer than their lane's budget",
                    () -> times.misses(index),
                    "lane",
                    word.toLowerCase(Locale.ROOT));
        }
    }

    /** Registers what the reply cache counts; called once. */
    static void showReplies(Meters meters, ReplyCache replies) {
        meters.total(
                "dray_reply_cache_hits",
                "Requests answered from the reply cache",
                () -> replies.stats().hits());
        meters.total(
                "dray_reply_cache_misses",
                "Requests of types whose replies are cached that went to an agent",
                () -> replies.stats().misses());
        meters.total(
                "dray_reply_cache_coalesced",
                "Requests that shared the reply to an identical one on its way",
                () -> replies.stats().coalesced());
        meters.total(
                "dray_reply_cache_stored", "Replies kept", () -> replies.stats().stored());
        meters.total(
                "dray_reply_cache_evicted",
                "Replies that had to go for others before their time",
                () -> replies.stats().evicted());
        meters.gauge(
                "dray_reply_cache_entries",
                "Replies kept now",
                () -> replies.stats().entries());
        meters.gauge(
                "dray_reply_cache_bytes", "Bytes of them", () -> replies.stats().bytes());
    }

    @Override
    public int agents() {
        return (int) agents.all().stream()
                .filter(agent -> agent.identity().announced())
                .count();
    }

    @Override
    public long queuedEnvelopes() {
        return sum(agent -> agent.mailbox().queuedEnvelopes()) + links.queuedEnvelopes();
    }

    @Override
    public long queuedBytes() {
        return mailboxBytes() + links.queuedBytes();
    }

    private long mailboxBytes() {
        return sum(agent -> agent.mailbox().queuedBytes());
    }

    private long sum(ToLongFunction<LocalAgent> figure) {
        return agents.all().stream().mapToLong(figure).sum();
    }

    private static void showAllocation(Meters meters, EventLoops loops) {
        var ids = new CopyOnWriteArrayList<Long>();
        for (EventExecutor loop : loops.group()) {
            loop.execute(() -> ids.add(Thread.currentThread().threadId()));
        }
        meters.total("dray_loop_allocated_bytes", "Bytes allocated by the event loops", () -> allocatedBytes(ids));
    }

    /** Asks for the JVM's bean as late as this: with its classes it takes memory and start time. */
    private static long allocatedBytes(List<Long> ids) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return ids.stream().mapToLong(threads::getThreadAllocatedBytes).sum();
    }
}
