package io.dray.sidecar.peers;

import io.dray.router.v1.DirectoryServiceGrpc;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.Leader;
import io.dray.sidecar.routers.RouterStream;
import io.dray.sidecar.routers.Routers;
import io.dray.types.v1.Error;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory stream to one router. Each new stream begins with everything: the announcement and all queries.
 * Control loop only.
 */
final class RouterJoin implements RouterStream.Owner<JoinRequest, JoinResponse>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouterJoin.class);
    /** Keeps a frame of names far below the largest message that gRPC takes by default. */
    private static final int MAX_NAMES = 10_000;

    private final String endpoint;
    private final Routers routers;
    private final RouterView view;
    private final ControlLoop control;
    private final Home home;
    private final RouterStream<JoinRequest, JoinResponse> stream;
    private final Set<AddressKey> asked = new LinkedHashSet<>();
    private final Set<AddressKey> forgotten = new LinkedHashSet<>();
    private final Deque<NodeAnnouncement> telling = new ArrayDeque<>();
    private long toldRevision;

    /** What all joins share. */
    interface Home {
        AnnouncementParts announcement();

        Set<AddressKey> queries();

        void onFrame(RouterView view, JoinResponse frame);

        void onEnded();
    }

    RouterJoin(Routers routers, String endpoint, RouterView view, ControlLoop control, Home home) {
        this.routers = routers;
        this.endpoint = endpoint;
        this.view = view;
        this.control = control;
        this.home = home;
        this.stream = new RouterStream<>(routers, endpoint, DirectoryServiceGrpc.getJoinMethod(), control, this);
    }

    void start() {
        stream.start();
    }

    boolean isUp() {
        return stream.isUp();
    }

    void ask(AddressKey key) {
        forgotten.remove(key);
        asked.add(key);
        flush();
    }

    void forget(AddressKey key) {
        view.forget(key);
        asked.remove(key);
        forgotten.add(key);
        flush();
    }

    /** Sends what is due, as far as the stream takes it. */
    void flush() {
        while (stream.isReady() && isDue()) {
            stream.send(nextFrame());
        }
    }

    @Override
    public List<JoinRequest> hello() {
        telling.clear();
        asked.clear();
        forgotten.clear();
        asked.addAll(home.queries());
        toldRevision = 0;
        JoinRequest.Builder first = nextFrame().toBuilder();
        first.getAnnouncementBuilder().setClockUnixMicros(control.unixMicros());
        List<JoinRequest> hello = new ArrayList<>(List.of(first.build()));
        while (!telling.isEmpty()) {
            hello.add(nextFrame());
        }
        return hello;
    }

    @Override
    public void onFrame(JoinResponse frame) {
        if (frame.hasWelcome()) {
            LOG.atInfo()
                    .addKeyValue("router", frame.getWelcome().getRouter())
                    .addKeyValue("endpoint", endpoint)
                    .log("Joined the directory");
        }
        home.onFrame(view, frame);
        if (frame.hasOwner()) {
            String address = frame.getOwner().getAddress();
            routers.onLeader(new Leader(
                    address.isEmpty() ? endpoint : address, frame.getOwner().getEpoch()));
        }
        flush();
    }

    @Override
    public void onReady() {
        flush();
    }

    @Override
    public void onEnded(Error why) {
        view.onEnded();
        home.onEnded();
        LOG.atInfo()
                .addKeyValue("endpoint", endpoint)
                .addKeyValue("code", why.getCode())
                .log("Directory stream ended; cached addresses stay in use: {}", why.getMessage());
    }

    @Override
    public void close() {
        stream.close();
    }

    private boolean isDue() {
        return !telling.isEmpty()
                || toldRevision < home.announcement().revision()
                || !asked.isEmpty()
                || !forgotten.isEmpty();
    }

    private JoinRequest nextFrame() {
        JoinRequest.Builder frame = JoinRequest.newBuilder();
        AnnouncementParts announcement = home.announcement();
        if (telling.isEmpty() && toldRevision < announcement.revision()) {
            toldRevision = announcement.revision();
            telling.addAll(announcement.parts());
        }
        NodeAnnouncement part = telling.poll();
        if (part != null) {
            frame.setAnnouncement(part);
        }
        if (telling.isEmpty()) {
            // A router takes no names before it knows who asks.
            take(asked, key -> frame.addQueries(key.address()));
            take(forgotten, key -> frame.addForget(key.address()));
        }
        return frame.build();
    }

    private static void take(Set<AddressKey> keys, Consumer<AddressKey> use) {
        var rest = keys.iterator();
        for (int i = 0; i < MAX_NAMES && rest.hasNext(); i++) {
            use.accept(rest.next());
            rest.remove();
        }
    }
}
