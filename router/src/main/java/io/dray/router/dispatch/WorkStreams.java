package io.dray.router.dispatch;

import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeHello;
import io.dray.router.fleet.NodeStream;
import io.dray.router.fleet.WorkFrame;
import io.dray.router.tasks.AttemptKey;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The work streams of all nodes: who is there, and what they say. Owned by the dispatcher's thread. */
final class WorkStreams {
    private final Pool pool;
    private final Leases leases;
    private final AttemptEvents events;
    private final Questions questions;
    private final Drains drains;
    private final Map<NodeStream, Node> nodes = new HashMap<>();
    private final BiConsumer<NodeStream, Error> end = this::end;
    private long epoch;

    WorkStreams(Pool pool, Leases leases, AttemptEvents events, Questions questions, Drains drains) {
        this.pool = pool;
        this.drains = drains;
        this.leases = leases;
        this.events = events;
        this.questions = questions;
    }

    void onOpened(long newEpoch) {
        epoch = newEpoch;
    }

    void onHello(NodeStream stream, NodeHello hello, boolean serving) {
        if (!serving) {
            stream.end(MeshError.of(Code.CODE_STORE_FAILED, "The router cannot take nodes now; try again."));
            return;
        }
        Node known = pool.fleet().find(hello.node());
        if (known != null && known.incarnation() > hello.incarnation()) {
            stream.end(MeshError.of(
                    Code.CODE_STALE_INCARNATION,
                    "A newer incarnation of the node is known: two sidecars may have the same node name.",
                    hello.node() + " " + hello.incarnation(),
                    "at least " + known.incarnation()));
            return;
        }
        if (known != null) {
            replace(known);
        }
        Node node = pool.fleet().join(hello, stream);
        nodes.put(stream, node);
        if (node.isCordoned()) {
            stream.cordoned(true);
        }
        stream.welcome(epoch);
        cancelStale(stream, drains.moving(node));
        cancelStale(stream, leases.renew(node, hello.running()));
        cancelStale(stream, leases.cancelsFor(node));
        questions.sayAgain(node, stream);
        if (hello.report() != null) {
            stream.reportTaken(hello.report().number());
        }
    }

    private void replace(Node known) {
        NodeStream before = known.stream();
        if (before != null) {
            nodes.remove(before);
            before.end(MeshError.of(
                    Code.CODE_STALE_INCARNATION, "The node has opened another stream.", known.name(), "one stream"));
        }
    }

    private static void cancelStale(NodeStream stream, List<AttemptKey> attempts) {
        if (!attempts.isEmpty()) {
            stream.cancel(attempts);
        }
    }

    void onFrame(NodeStream stream, WorkFrame frame) {
        Node node = nodes.get(stream);
        if (node == null) {
            return;
        }
        if (frame.workersComplete()) {
            pool.fleet().replaceWorkers(node, frame.workers());
        } else if (!frame.workers().isEmpty()) {
            pool.fleet().mergeWorkers(node, frame.workers());
        }
        if (frame.report() != null) {
            pool.fleet().report(node, frame.report());
            cancelStale(stream, leases.renew(node, frame.running()));
            stream.reportTaken(frame.report().number());
        }
        frame.events().forEach(event -> events.on(node, stream, event, end));
    }

    void onEnd(NodeStream stream) {
        Node node = nodes.remove(stream);
        if (node != null) {
            pool.fleet().leave(node);
        }
    }

    /** Ends all streams; their nodes come back by themselves. */
    void endAll(Error reason) {
        List<NodeStream> all = new ArrayList<>(nodes.keySet());
        all.forEach(stream -> end(stream, reason));
    }

    private void end(NodeStream stream, Error reason) {
        onEnd(stream);
        stream.end(reason);
    }
}
