package io.dray.sidecar.peers;

import io.dray.sidecar.routers.ControlLoop;
import io.dray.sidecar.routers.NodeIdentity;
import io.dray.sidecar.routers.Routers;
import io.micrometer.core.instrument.MeterRegistry;

/** Joins the directory of every configured router, says who is here and keeps what the others said. */
public final class DirectoryClient implements AutoCloseable {
    private final AddressCache addresses = new AddressCache();
    private final Peers peers = new Peers();
    private final TopicInterest interest = new TopicInterest();

    public DirectoryClient(Routers routers, LocalDirectory local, ControlLoop control, MeterRegistry meters) {}

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
    public void start(NodeIdentity identity) {}

    /** Says that the local directory changed; many calls become one announcement. Any thread. */
    public void changed() {}

    /** Whether at least one router answers now. */
    public boolean isJoined() {
        return false;
    }

    @Override
    public void close() {}
}
