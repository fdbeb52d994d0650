package io.dray.sidecar;

import static io.dray.sidecar.ConfigChecks.checkedWindow;
import static io.dray.sidecar.ConfigChecks.orElse;

import io.dray.core.config.DataSize;
import io.dray.core.net.ChannelSettings;
import io.dray.core.net.Endpoint;
import io.dray.core.net.SidecarPath;
import io.dray.sidecar.frame.FrameLimits;
import java.time.Duration;

/**
 * The door for agents.
 *
 * @param socket path of the Unix socket; default as agents look for it; {@code none} serves no socket
 * @param listen host:port for agents without Unix sockets, default 127.0.0.1:7401; {@code none} serves no TCP
 * @param resume how long an instance whose stream broke is awaited, default 5s
 * @param window HTTP/2 window of each connection and stream: what an agent may send before it is read, 64KiB-16MiB;
 *     default 256KiB, two full frames: with one, a fast agent waits for each update, and every paused agent may fill it
 * @param batch how much one frame to an agent gathers
 */
public record AgentsConfig(String socket, String listen, Duration resume, DataSize window, BatchConfig batch) {
    static final AgentsConfig DEFAULT = new AgentsConfig(
            SidecarPath.socket(System.getenv()).toString(),
            "127.0.0.1:7401",
            Duration.ofSeconds(5),
            new DataSize(ChannelSettings.DOOR_WINDOW_BYTES),
            BatchConfig.of(FrameLimits.DEFAULT));

    /** Puts the defaults in. */
    public AgentsConfig {
        socket = orElse(socket, () -> DEFAULT.socket);
        listen = orElse(listen, () -> DEFAULT.listen);
        resume = orElse(resume, () -> DEFAULT.resume);
        window = checkedWindow(orElse(window, () -> DEFAULT.window));
        batch = orElse(batch, () -> DEFAULT.batch);
        if (!isNone(listen)) {
            var _ = Endpoint.parseTcp("listen", listen);
        }
        if (isNone(socket) && isNone(listen)) {
            throw new IllegalArgumentException("agents: socket none and listen none (expected: at least one of them)");
        }
    }

    /** Whether a Unix socket is served at all. */
    boolean hasSocket() {
        return !isNone(socket);
    }

    /** Whether a TCP address is served at all. */
    boolean hasListen() {
        return !isNone(listen);
    }

    private static boolean isNone(String text) {
        return text.isEmpty() || text.equals("none");
    }
}
