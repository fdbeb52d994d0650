package io.dray.router.fleet;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who is where: agents, capabilities and topic interest of every node, as the nodes themselves announce them. Soft
 * state: nothing is stored but the names of nodes. All of it belongs to the one thread of the given executor; the public
 * methods may be called from any thread and never block.
 */
public final class Directory {
    /** A node that has announced itself. */
    private static final class Known {
        private NodeAnnouncement announcement;
        private Map<AddressName, Integer> members = Map.of();
        private @Nullable Session session;
        private long departures;

        Known(NodeAnnouncement announcement) {
            this.announcement = announcement;
        }
    }

    /** One stream of a sidecar and what it asked for. */
    private static final class Session {
        private final DirectoryStream stream;
        private final Set<AddressName> queries = new HashSet<>();
        private DirectoryNews news = new DirectoryNews();
        private @Nullable Known node;

        Session(DirectoryStream stream) {
            this.stream = stream;
        }
    }

    private final ScheduledExecutorService executor;
    private final Duration lease;
    private final Consumer<String> nodeSeen;
    private final Map<DirectoryStream, Session> sessions = new LinkedHashMap<>();
    private final Map<String, Known> nodes = new LinkedHashMap<>();
    private final Map<AddressName, Set<Session>> queriers = new HashMap<>();
    private final AddressIndex index = new AddressIndex();
    private final Set<String> expected;
    private volatile boolean complete;
    private @Nullable PoolPlace owner;

    /**
     * Makes a directory.
     *
     * @param expected nodes known from the store; until they are back, or the grace has passed, it is not complete
     * @param nodeSeen is told the name of each node that comes; must not block
     */
    public Directory(
            ScheduledExecutorService executor,
            Duration lease,
            Duration grace,
            Collection<String> expected,
            Consumer<String> nodeSeen) {
        this.executor = executor;
        this.lease = lease;
        this.nodeSeen = nodeSeen;
        this.expected = new HashSet<>(expected);
        this.complete = expected.isEmpty();
        var _ = executor.schedule(this::becomeComplete, grace.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Returns whether all nodes that were expected are known again. */
    public boolean isComplete() {
        return complete;
    }

    /** A sidecar said all it has; the first time on a stream it is welcomed, or its stream is ended. */
    public void onAnnouncement(DirectoryStream stream, NodeAnnouncement announcement) {
        command(() -> announce(stream, announcement));
    }

    /** A sidecar wants the members of these addresses, now and whenever they change. */
    public void onQueries(DirectoryStream stream, List<AddressName> addresses) {
        command(() -> query(stream, addresses));
    }

    /** A sidecar wants them no more. */
    public void onForget(DirectoryStream stream, List<AddressName> addresses) {
        command(() -> {
            Session session = sessions.get(stream);
            if (session != null) {
                addresses.forEach(address -> forget(session, address));
            }
        });
    }

    /** A stream has ended: its node is gone after a lease unless it comes back. */
    public void onStreamEnd(DirectoryStream stream) {
        command(() -> {
            Session session = sessions.get(stream);
            if (session != null) {
                leave(session);
            }
        });
    }

    /** Another router owns the pool: all sidecars are told, now and when they come. */
    public void onOwner(PoolPlace place) {
        command(() -> {
            owner = place;
            sessions.values().forEach(session -> session.news.sayOwner(place));
            flush();
        });
    }

    /** Returns what all nodes announced last. */
    public CompletableFuture<List<NodeAnnouncement>> announcements() {
        CompletableFuture<List<NodeAnnouncement>> reply = new CompletableFuture<>();
        command(() -> reply.complete(
                nodes.values().stream().map(known -> known.announcement).toList()));
        return reply;
    }

    /** Returns the names of the nodes whose streams are up. */
    public CompletableFuture<Set<String>> connected() {
        CompletableFuture<Set<String>> reply = new CompletableFuture<>();
        command(() -> {
            Set<String> up = new HashSet<>();
            nodes.forEach((name, known) -> {
                if (known.session != null) {
                    up.add(name);
                }
            });
            reply.complete(up);
        });
        return reply;
    }

    private void command(Runnable command) {
        try {
            executor.execute(command);
        } catch (RejectedExecutionException _) {
            // The router is closing, and with it all streams.
        }
    }

    private void announce(DirectoryStream stream, NodeAnnouncement announcement) {
        NodePlace place = announcement.place();
        Known known = nodes.get(place.node());
        Session session = sessions.get(stream);
        if (known != null && isStale(known, session, announcement)) {
            if (known.announcement.place().incarnation() > place.incarnation()) {
                refuseStale(stream, known.announcement.place(), place);
            }
            return;
        }
        if (session == null) {
            session = join(stream, place.node());
        }
        boolean isNew = known == null;
        if (known == null) {
            known = new Known(announcement);
            nodes.put(place.node(), known);
        }
        attach(session, known);
        apply(known, announcement, isNew);
        expected.remove(place.node());
        if (expected.isEmpty()) {
            becomeComplete();
        }
        flush();
    }

    /** An older incarnation, or on the same stream an older revision. */
    private static boolean isStale(Known known, @Nullable Session session, NodeAnnouncement announcement) {
        long incarnation = known.announcement.place().incarnation();
        if (incarnation != announcement.place().incarnation()) {
            return incarnation > announcement.place().incarnation();
        }
        return session != null && known.session == session && announcement.revision() <= known.announcement.revision();
    }

    private void refuseStale(DirectoryStream stream, NodePlace known, NodePlace place) {
        stream.end(MeshError.of(
                Code.CODE_STALE_INCARNATION,
                "A newer incarnation of the node is known: two sidecars may have the same node name.",
                place.node() + " " + place.incarnation(),
                "at least " + known.incarnation()));
    }

    private Session join(DirectoryStream stream, String node) {
        Session session = new Session(stream);
        sessions.put(stream, session);
        stream.welcome();
        nodes.forEach((name, known) -> {
            session.news.nodes().add(known.announcement.place());
            if (!name.equals(node)) {
                session.news.interests().add(known.announcement);
            }
        });
        if (complete) {
            session.news.sayComplete();
        }
        if (owner != null) {
            session.news.sayOwner(owner);
        }
        nodeSeen.accept(node);
        return session;
    }

    private void attach(Session session, Known known) {
        Session before = known.session;
        if (before != null && before != session) {
            leave(before);
            before.stream.end(MeshError.of(
                    Code.CODE_STALE_INCARNATION,
                    "The node has opened another stream.",
                    known.announcement.place().node(),
                    "one stream"));
        }
        known.session = session;
        session.node = known;
    }

    private void apply(Known known, NodeAnnouncement announcement, boolean isNew) {
        NodeAnnouncement before = known.announcement;
        known.announcement = announcement;
        boolean moved = isNew || !before.place().equals(announcement.place());
        boolean interested = isNew || !before.interests().equals(announcement.interests());
        for (Session session : sessions.values()) {
            if (moved) {
                session.news.nodes().add(announcement.place());
            }
            if (interested && session.node != known) {
                session.news.interests().add(announcement);
            }
        }
        replaceMembers(known, announcement.members());
    }

    private void replaceMembers(Known known, Map<AddressName, Integer> now) {
        String node = known.announcement.place().node();
        Set<AddressName> changed = index.replace(node, known.members, now);
        known.members = now;
        for (AddressName address : changed) {
            Members members = index.members(address);
            queriers.getOrDefault(address, Set.of())
                    .forEach(session -> session.news.members().add(members));
        }
    }

    private void query(DirectoryStream stream, List<AddressName> addresses) {
        Session session = sessions.get(stream);
        if (session == null) {
            return;
        }
        for (AddressName address : addresses) {
            session.queries.add(address);
            queriers.computeIfAbsent(address, _ -> new HashSet<>()).add(session);
            session.news.members().add(index.members(address));
        }
        flush();
    }

    private void forget(Session session, AddressName address) {
        session.queries.remove(address);
        Set<Session> interested = queriers.get(address);
        if (interested != null && interested.remove(session) && interested.isEmpty()) {
            queriers.remove(address);
        }
    }

    private void leave(Session session) {
        sessions.remove(session.stream);
        Set.copyOf(session.queries).forEach(address -> forget(session, address));
        Known known = session.node;
        if (known == null || known.session != session) {
            return;
        }
        known.session = null;
        long departure = ++known.departures;
        var _ = executor.schedule(() -> forgetIfAway(known, departure), lease.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void forgetIfAway(Known known, long departure) {
        if (known.session != null || known.departures != departure) {
            return;
        }
        NodePlace place = known.announcement.place();
        nodes.remove(place.node());
        replaceMembers(known, Map.of());
        sessions.values().forEach(session -> session.news.gone().add(place));
        flush();
    }

    private void becomeComplete() {
        if (complete) {
            return;
        }
        complete = true;
        sessions.values().forEach(session -> session.news.sayComplete());
        flush();
    }

    /** Sends what has gathered for each stream in one frame. */
    private void flush() {
        for (Session session : List.copyOf(sessions.values())) {
            if (!session.news.isEmpty()) {
                DirectoryNews news = session.news;
                session.news = new DirectoryNews();
                session.stream.send(news);
            }
        }
    }
}
