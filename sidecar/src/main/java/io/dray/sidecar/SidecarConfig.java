package io.dray.sidecar;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.dray.core.config.DataSize;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.SidecarPath;
import io.dray.core.net.Transport;
import io.dray.core.wire.Names;
import io.dray.sidecar.blob.Blobs;
import io.dray.sidecar.outbound.CompressionPolicy;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a sidecar; absent values get their defaults here.
 *
 * @param node name of the node, default the host's name
 * @param mesh default {@code default}; peers and routers of another mesh are refused
 * @param dataDir holds the session key, default {@code ~/.local/share/dray/NODE}
 * @param transport auto, epoll or nio; default auto
 * @param loops event loops, default half the cores, at least 1
 * @param labels words about the host
 */
public record SidecarConfig(
        String node,
        String mesh,
        Path dataDir,
        String transport,
        int loops,
        Map<String, String> labels,
        Agents agents,
        Peers peers,
        Routers router,
        Admin admin,
        Compression compression,
        Memory memory,
        Lanes lanes,
        Metering meters) {

    /** Puts the defaults in and refuses what cannot work. */
    public SidecarConfig {
        node = orElse(node, hostName());
        if (!Names.isName(node)) {
            throw new IllegalArgumentException("node: " + node + " (expected: [a-z0-9]([a-z0-9.-]{0,62}))");
        }
        mesh = orElse(mesh, "default");
        dataDir = orElse(dataDir, Path.of(System.getProperty("user.home", "."), ".local", "share", "dray", node));
        transport = orElse(transport, "auto");
        var _ = Transport.parse(transport);
        loops = atLeast("loops", 1, loops == 0 ? EventLoops.defaultLoops() : loops);
        labels = Map.copyOf(orElse(labels, Map.of()));
        agents = orElse(agents, Agents.DEFAULT);
        peers = orElse(peers, Peers.DEFAULT);
        router = orElse(router, Routers.DEFAULT);
        admin = orElse(admin, Admin.DEFAULT);
        compression = orElse(compression, Compression.DEFAULT);
        memory = orElse(memory, Memory.DEFAULT);
        lanes = orElse(lanes, Lanes.DEFAULT);
        meters = orElse(meters, Metering.DEFAULT);
        // Here and not in their records, since their defaults come from the environment.
        if (hasSocket(agents.socket)) {
            var _ = Endpoint.parse("agents.socket", "unix:" + agents.socket);
        }
        router.endpoints.forEach(endpoint -> Endpoint.parse("router.endpoints", endpoint));
    }

    /**
     * The door for agents.
     *
     * @param socket path of the Unix socket; default as agents look for it; {@code none} serves no socket
     * @param listen host:port for agents without Unix sockets, default 127.0.0.1:7401; {@code none} serves no TCP
     * @param resume how long an instance whose stream broke is awaited, default 5s
     */
    public record Agents(String socket, String listen, Duration resume) {
        static final Agents DEFAULT =
                new Agents(SidecarPath.socket(System.getenv()).toString(), "127.0.0.1:7401", Duration.ofSeconds(5));

        /** Puts the defaults in. */
        public Agents {
            socket = orElse(socket, () -> DEFAULT.socket);
            listen = orElse(listen, () -> DEFAULT.listen);
            resume = orElse(resume, () -> DEFAULT.resume);
            if (hasListen(listen)) {
                var _ = Endpoint.parseTcp("listen", listen);
            }
            if (!hasSocket(socket) && !hasListen(listen)) {
                throw new IllegalArgumentException(
                        "agents: socket none and listen none (expected: at least one of them)");
            }
        }
    }

    /** Whether a Unix socket is served at all. */
    static boolean hasSocket(String socket) {
        return !isNone(socket);
    }

    /** Whether a TCP address is served at all. */
    static boolean hasListen(String listen) {
        return !isNone(listen);
    }

    private static boolean isNone(String text) {
        return text.isEmpty() || text.equals("none");
    }

    /**
     * The door for peers, and the way to them.
     *
     * @param listen host:port, default 127.0.0.1:7402
     * @param advertise host:port that peers are told, default what is listened on
     * @param patience how long envelopes wait for a link that is down, default 2s
     */
    public record Peers(String listen, String advertise, Duration patience) {
        static final Peers DEFAULT = new Peers("127.0.0.1:7402", "", Duration.ofSeconds(2));

        /** Puts the defaults in. */
        public Peers {
            listen = orElse(listen, () -> DEFAULT.listen);
            advertise = orElse(advertise, () -> DEFAULT.advertise);
            patience = orElse(patience, () -> DEFAULT.patience);
            var _ = Endpoint.parseTcp("listen", listen);
            if (!advertise.isEmpty()) {
                var _ = Endpoint.parseTcp("advertise", advertise);
            }
        }
    }

    /**
     * Where the routers are.
     *
     * @param endpoints host:port of each, default {@code DRAY_ROUTER}, else 127.0.0.1:7400; empty for a mesh of one
     */
    public record Routers(List<String> endpoints) {
        static final Routers DEFAULT =
                new Routers(List.of(System.getenv().getOrDefault("DRAY_ROUTER", "127.0.0.1:7400")));

        /** Puts the default in. */
        public Routers {
            endpoints = List.copyOf(orElse(endpoints, () -> DEFAULT.endpoints));
        }
    }

    /**
     * The admin server.
     *
     * @param listen host:port, default 127.0.0.1:7481
     */
    public record Admin(String listen) {
        static final Admin DEFAULT = new Admin("127.0.0.1:7481");

        /** Puts the default in. */
        public Admin {
            listen = orElse(listen, () -> DEFAULT.listen);
            var _ = Endpoint.parseTcp("listen", listen);
        }
    }

    /**
     * When link frames are compressed.
     *
     * @param policy auto, always or never; default auto
     * @param threshold smallest frame that is compressed, default 1KiB
     */
    public record Compression(CompressionPolicy.Mode policy, DataSize threshold) {
        static final Compression DEFAULT = new Compression(CompressionPolicy.Mode.AUTO, DataSize.ofKiB(1));

        /** Puts the defaults in. */
        public Compression {
            policy = orElse(policy, () -> DEFAULT.policy);
            threshold = orElse(threshold, () -> DEFAULT.threshold);
        }
    }

    /**
     * Bounds of what waits, lane by lane. Senders of a lane are told to pause when it is a quarter full in a mailbox or a
     * stream of a link; the rest is for what was on its way: what waits for a link, 1 MiB in its window, and some large
     * envelopes.
     *
     * @param budget all that waits in the process, default 64MiB; at most 60 % of heap and of direct memory
     * @param mailbox what waits for one instance in each lane, default 4MiB
     * @param link what waits for one stream of a link in each lane, default 4MiB
     * @param source what waits on behalf of one sender before nothing more is read from it, default 8MiB
     * @param blob what one large payload has on its way through, default 512KiB; all of them a quarter of the budget
     */
    public record Memory(DataSize budget, DataSize mailbox, DataSize link, DataSize source, DataSize blob) {
        private static final double SHARE = 0.6;

        static final Memory DEFAULT = new Memory(
                DataSize.ofMiB(64), DataSize.ofMiB(4), DataSize.ofMiB(4), DataSize.ofMiB(8), DataSize.ofKiB(512));

        /** Puts the defaults in and refuses a budget that this process cannot hold. */
        public Memory {
            budget = orElse(budget, () -> DEFAULT.budget);
            mailbox = orElse(mailbox, () -> DEFAULT.mailbox);
            link = orElse(link, () -> DEFAULT.link);
            source = orElse(source, () -> DEFAULT.source);
            blob = orElse(blob, () -> DEFAULT.blob);
            if (blob.bytes() < Blobs.MAX_CHUNK_BYTES) {
                throw new IllegalArgumentException("memory.blob: " + blob + " (expected: at least 64KiB, one chunk)");
            }
            checkFits(budget, Runtime.getRuntime().maxMemory(), directMemory());
        }

        static void checkFits(DataSize budget, long heapBytes, long directBytes) {
            checkShare(budget, heapBytes, "the heap; raise -Xmx");
            checkShare(budget, directBytes, "direct memory; raise -XX:MaxDirectMemorySize");
        }

        private static void checkShare(DataSize budget, long bytes, String ofWhat) {
            long most = (long) (bytes * SHARE);
            if (budget.bytes() > most) {
                throw new IllegalArgumentException("memory.budget: " + budget + " (expected: at most " + most
                        + " B, 60 % of " + ofWhat + " or lower the budget)");
            }
        }

        /** Returns what direct buffers may take; unless it is set, as much as the heap. */
        private static long directMemory() {
            long set = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("MaxDirectMemorySize")
                    .getValue());
            return set == 0 ? Runtime.getRuntime().maxMemory() : set;
        }
    }

    /**
     * How long envelopes may wait here, from the arrival of their frame to the write to their agent. Those that waited
     * for longer are counted as {@code dray_lane_misses_total}; nothing else comes of it.
     *
     * @param criticalBudget default 10ms; 0s means any time
     * @param highBudget default 100ms
     * @param normalBudget default 1s
     * @param lowBudget default 0s, any time
     */
    public record Lanes(Duration criticalBudget, Duration highBudget, Duration normalBudget, Duration lowBudget) {
        static final Lanes DEFAULT =
                new Lanes(Duration.ofMillis(10), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ZERO);

        /** Puts the defaults in. */
        public Lanes {
            criticalBudget = orElse(criticalBudget, () -> DEFAULT.criticalBudget);
            highBudget = orElse(highBudget, () -> DEFAULT.highBudget);
            normalBudget = orElse(normalBudget, () -> DEFAULT.normalBudget);
            lowBudget = orElse(lowBudget, () -> DEFAULT.lowBudget);
        }

        /** Budget of a lane, 0 to 3; without one the greatest number. */
        long budgetNanos(int lane) {
            Duration budget =
                    List.of(criticalBudget, highBudget, normalBudget, lowBudget).get(lane);
            return budget.isZero() ? Long.MAX_VALUE : budget.toNanos();
        }
    }

    /**
     * What is metered.
     *
     * @param hotPath whether each envelope is timed and counted, default true; without, route times, lane misses and the
     *     totals of envelopes and of link bytes stay empty
     */
    public record Metering(Boolean hotPath) {
        static final Metering DEFAULT = new Metering(true);

        /** Puts the default in. */
        public Metering {
            hotPath = orElse(hotPath, () -> DEFAULT.hotPath);
        }
    }

    /** The default of a nested record is asked for only when needed: it is not there yet while it is being made. */
    private static <T> T orElse(@Nullable T value, Supplier<T> other) {
        return value == null ? other.get() : value;
    }

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }

    private static int atLeast(String key, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: >= " + least + ")");
        }
        return value;
    }

    private static String hostName() {
        try {
            String name = InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
            return Names.isName(name) ? name : "node";
        } catch (UnknownHostException _) {
            return "node";
        }
    }
}
