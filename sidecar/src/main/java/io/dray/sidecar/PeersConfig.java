package io.dray.sidecar;

import static io.dray.sidecar.ConfigChecks.checkedWindow;
import static io.dray.sidecar.ConfigChecks.inRange;
import static io.dray.sidecar.ConfigChecks.orElse;

import io.dray.core.config.DataSize;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.sidecar.frame.FrameLimits;
import io.dray.sidecar.outbound.LinkSettings;
import java.time.Duration;
import java.util.Set;

/**
 * The door for peers, and the way to them.
 *
 * @param listen host:port, default 127.0.0.1:7402
 * @param advertise host:port that peers are told, default what is listened on, which must then be one address
 * @param patience how long envelopes wait for a link that is down, default 2s
 * @param window HTTP/2 window of each connection and stream, 64KiB-16MiB; default 1MiB, which fills 1 Gbit/s over 8 ms;
 *     a longer and faster way wants its bandwidth times its round trip
 * @param connections to each peer, 1-3; default 1, since more bought nothing where nothing is lost: with 2 urgent
 *     envelopes have one of their own, with 3 each stream
 * @param batch how much one frame to a peer gathers
 */
public record PeersConfig(
        String listen, String advertise, Duration patience, DataSize window, Integer connections, BatchConfig batch) {
    /** Addresses that mean all of a host. */
    private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::");

    static final PeersConfig DEFAULT = new PeersConfig(
            "127.0.0.1:7402",
            "",
            Duration.ofSeconds(2),
            new DataSize(ChannelSettings.PEER_WINDOW_BYTES),
            1,
            BatchConfig.of(FrameLimits.DEFAULT));

    /** Puts the defaults in. */
    public PeersConfig {
        listen = orElse(listen, () -> DEFAULT.listen);
        advertise = orElse(advertise, () -> DEFAULT.advertise);
        patience = orElse(patience, () -> DEFAULT.patience);
        window = checkedWindow(orElse(window, () -> DEFAULT.window));
        connections = inRange(
                "connections",
                orElse(connections, 1),
                1,
                LinkSettings.MAX_CONNECTIONS,
                "a link has three streams to share them");
        batch = orElse(batch, () -> DEFAULT.batch);
        var address = Endpoint.parseTcp("listen", listen);
        if (!advertise.isEmpty()) {
            var _ = Endpoint.parseTcp("advertise", advertise);
        } else if (EVERYWHERE.contains(address.host())) {
            throw ConfigChecks.refusal(
                    "advertise",
                    "absent",
                    "host:port at which other hosts reach this one",
                    "peers.listen " + listen + " is no address to go to");
        }
    }
}
