package io.dray.sidecar.peers;

import io.dray.core.telemetry.BuildInfo;
import io.dray.core.telemetry.Meters;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.sidecar.routers.Routers;
import io.dray.types.v1.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the directory of every configured router, says who is here and keeps what the others said. State belongs to
 * the control loop; {@link #changed} and {@link #isJoined} may be called by any thread.
 */
public final class DirectoryClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryClient.class);
    private static final int MAJOR = 1;
    private static final Announcement NOBODY = new Announcement(List.of(), List.of());
    /** Many attachments at once become few announcements, each of which holds them all. */
    private static final Duration ANNOUNCE_PAUSE = Duration.ofMillis(10);

    private static final Duration SWEEP = Duration.ofSeconds(1);

    private final LocalDirectory local;
    private final ControlLoop control;
    private final AddressCache addresses;
    private final Peers peers = new Peers();
    private final TopicInterest interest = new TopicInterest();
    private final LookUps lookUps;
    private final List<RouterView> views = new ArrayList<>();
    private final List<RouterJoin> joins = new ArrayList<>();
    private final MergedView merged;
    private final Set<AddressKey> queries = new LinkedHashSet<>();
    private final AtomicBoolean announcing = new AtomicBoolean();
    private NodeAnnouncement head = NodeAnnouncement.getDefaultInstance();
    private volatile AnnouncementParts announcement = AnnouncementParts.NONE;
    private volatile boolean joined;
    private volatile boolean leaving;
    private volatile boolean closed;

    public DirectoryClient(Routers routers, LocalDirectory local, ControlLoop control, Meters meters) {
        this.local = local;
        this.control = control;
        this.addresses = new AddressCache(control, new Asking(), meters);
        this.lookUps = new LookUps(control, this::onTimeout);
        RouterJoin.Home home = new Told();
        for (String endpoint : routers.endpoints()) {
            RouterView view = new RouterView();
            views.add(view);
            joins.add(new RouterJoin(routers, endpoint, view, control, home));
        }
        this.merged = new MergedView(views);
        meters.gauge("dray_directory_joined", "Whether a router's directory is joined", () -> joined ? 1 : 0);
        meters.gauge("dray_directory_peers", "Other nodes that are known", peers::size);
        leftOut("labels", AnnouncementParts::bareAgents, meters);
        leftOut("interests", AnnouncementParts::leftOutInterests, meters);
    }

    private void leftOut(String what, ToIntFunction<AnnouncementParts> count, Meters meters) {
        meters.gauge(
                "dray_directory_left_out",
                "Instances announced without their labels, and interests not announced at all",
                () -> count.applyAsInt(announcement),
                "what",
                what);
    }

    public AddressCache addresses() {
        return addresses;
    }

    public Peers peers() {
        return peers;
    }

    public TopicInterest interest() {
        return interest;
    }

    /** Starts to join; called once, when the peer port is known. */
    public void start(NodeIdentity identity) {
        control.execute(() -> {
            merged.exclude(identity.node());
            head = NodeAnnouncement.newBuilder()
                    .setVersion(Version.newBuilder().setMajor(MAJOR).setSoftware(BuildInfo.software("sidecar")))
                    .setNode(identity.node())
                    .setIncarnation(identity.incarnation())
                    .setPeerAddress(identity.peerAddress())
                    .setAdminAddress(identity.adminAddress())
                    .setMesh(identity.mesh())
                    .putAllLabels(identity.labels())
                    .build();
            announce();
            joins.forEach(RouterJoin::start);
            sweepLater();
        });
    }

    /** Says that the local directory changed; many calls become one announcement. Any thread. */
    public void changed() {
        if (announcing.compareAndSet(false, true)) {
            control.later(ANNOUNCE_PAUSE, this::announce);
        }
    }

    /** Whether at least one router answers now. Any thread. */
    public boolean isJoined() {
        return joined;
    }

    /** Tells the routers that nobody answers here any more, while what is in flight may still end. Any thread. */
    public void leave() {
        leaving = true;
        control.execute(this::announce);
    }

    /** Ends the streams, by which routers learn that this node leaves, and answers who still waits. Any thread. */
    @Override
    public void close() {
        closed = true;
        control.execute(() -> {
            joins.forEach(RouterJoin::close);
            lookUps.close();
            joined = false;
        });
    }

    private void announce() {
        announcing.set(false);
        if (closed || head.getNode().isEmpty()) {
            return;
        }
        Announcement now = leaving ? NOBODY : local.snapshot();
        head = head.toBuilder()
                .setRevision(head.getRevision() + 1)
                .setClockUnixMicros(control.unixMicros())
                .build();
        boolean wasWhole = announcement.isWhole();
        announcement = AnnouncementParts.of(head, now);
        if (wasWhole && !announcement.isWhole()) {
            LOG.atWarn()
                    .addKeyValue("bare_agents", announcement.bareAgents())
                    .addKeyValue("left_out_interests", announcement.leftOutInterests())
                    .log(
                            "Routers cannot be told all of this host: labels are cut at {} bytes, topic interest at {}",
                            AnnouncementParts.MAX_LABEL_BYTES,
                            AnnouncementParts.MAX_INTEREST_BYTES);
        }
        joins.forEach(RouterJoin::flush);
    }

    private void sweepLater() {
        control.later(SWEEP, () -> {
            if (!closed) {
                addresses.sweep();
                sweepLater();
            }
        });
    }

    /** No router said in time; the silence is kept as an answer for a moment, so that a flood does not ask again. */
    private void onTimeout(AddressKey key) {
        lookUps.answer(key, addresses.put(key, merged.members(key)));
    }

    private void onMembers(AddressKey key) {
        if (!queries.contains(key)) {
            return;
        }
        List<Member> members = merged.members(key);
        if (members.isEmpty() && !merged.isFinal(key)) {
            // A router that has just started may not know yet: whoever waits goes on waiting, what is known stays.
            return;
        }
        lookUps.answer(key, addresses.put(key, members));
    }

    private void onNodes() {
        Map<String, Peer> now = merged.nodes();
        for (Peer known : peers.all()) {
            if (!now.containsKey(known.node())) {
                LOG.atInfo().addKeyValue("peer", known.node()).log("Peer is gone");
                peers.remove(known.node());
            }
        }
        now.values().forEach(peers::put);
        interest.replace(merged.interests());
    }

    /** The cache asks. */
    private final class Asking implements AddressCache.Source {
        @Override
        public void lookUp(AddressKey key, Consumer<Members> callback) {
            if (closed || joins.isEmpty()) {
                callback.accept(Members.NOBODY);
                return;
            }
            if (lookUps.add(key, callback)) {
                queries.add(key);
                joins.forEach(join -> join.ask(key));
            }
        }

        @Override
        public void refresh(AddressKey key) {
            if (queries.contains(key)) {
                joins.forEach(join -> join.ask(key));
            }
        }

        @Override
        public void forget(AddressKey key) {
            if (!addresses.contains(key) && !lookUps.isWaiting(key) && queries.remove(key)) {
                joins.forEach(join -> join.forget(key));
            }
        }
    }

    /** The routers tell. */
    private final class Told implements RouterJoin.Home {
        @Override
        public AnnouncementParts announcement() {
            return announcement;
        }

        @Override
        public Set<AddressKey> queries() {
            return queries;
        }

        @Override
        public void onFrame(RouterView view, JoinResponse frame) {
            Set<AddressKey> touched = new HashSet<>();
            boolean wasComplete = view.isComplete();
            view.apply(frame, touched::add);
            boolean nodesChanged = frame.getNodesCount() + frame.getGoneCount() + frame.getInterestsCount() > 0;
            if (nodesChanged || view.isComplete() != wasComplete) {
                onNodes();
            }
            touched.forEach(DirectoryClient.this::onMembers);
            updateJoined();
        }

        @Override
        public void onEnded() {
            updateJoined();
        }

        private void updateJoined() {
            joined = joins.stream().anyMatch(RouterJoin::isUp);
        }
    }
}
