package io.dray.sidecar;

import static io.dray.sidecar.ConfigChecks.inRange;
import static io.dray.sidecar.ConfigChecks.orElse;

import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.config.Loaded;
import io.dray.core.net.Endpoint;
import io.dray.core.net.EventLoops;
import io.dray.core.net.Transport;
import io.dray.core.telemetry.LogLevel;
import io.dray.core.wire.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a sidecar; absent values get their defaults here.
 *
 * @param node name of the node, default the host's name
 * @param mesh default {@code default}; peers and routers of another mesh are refused
 * @param profile what defaults are chosen for, see {@link SidecarPresets}; default balanced
 * @param dataDir holds the session key, default {@code ~/.local/share/dray/NODE}
 * @param transport auto, epoll or nio; default auto
 * @param loops event loops, default half the cores, at least 1
 * @param labels words about the host
 */
public record SidecarConfig(
        String node,
        String mesh,
        Profile profile,
        Path dataDir,
        String transport,
        Integer loops,
        Map<String, String> labels,
        AgentsConfig agents,
        PeersConfig peers,
        Routers router,
        Admin admin,
        CompressionConfig compression,
        MemoryConfig memory,
        CacheConfig cache,
        Lanes lanes,
        Metering meters,
        Log log) {
    private static final int MAX_LOOPS = 1_024;

    /** Puts the defaults in and refuses what cannot work. */
    public SidecarConfig {
        node = orElse(node, hostName());
        if (!Names.isName(node)) {
            throw new IllegalArgumentException("node: " + node + " (expected: [a-z0-9]([a-z0-9.-]{0,62}))");
        }
        mesh = orElse(mesh, "default");
        profile = orElse(profile, Profile.BALANCED);
        dataDir = orElse(dataDir, Path.of(System.getProperty("user.home", "."), ".local", "share", "dray", node));
        transport = orElse(transport, "auto");
        var _ = Transport.parse(transport);
        loops = inRange("loops", orElse(loops, EventLoops::defaultLoops), 1, MAX_LOOPS, "half the cores is a start");
        labels = Map.copyOf(orElse(labels, Map.of()));
        agents = orElse(agents, AgentsConfig.DEFAULT);
        peers = orElse(peers, PeersConfig.DEFAULT);
        router = orElse(router, Routers.DEFAULT);
        admin = orElse(admin, Admin.DEFAULT);
        compression = orElse(compression, CompressionConfig.DEFAULT);
        memory = orElse(memory, MemoryConfig::defaults);
        cache = orElse(cache, CacheConfig.DEFAULT);
        if (cache.bytes().bytes() > memory.budget().bytes()) {
            throw new IllegalArgumentException("cache.bytes: " + cache.bytes() + " (expected: at most memory.budget, "
                    + memory.budget() + ", of which it is a part)");
        }
        lanes = orElse(lanes, Lanes.DEFAULT);
        meters = orElse(meters, Metering.DEFAULT);
        log = orElse(log, Log.DEFAULT);
        // Here and not in their records, since their defaults come from the environment.
        if (agents.hasSocket()) {
            var _ = Endpoint.parse("agents.socket", "unix:" + agents.socket());
        }
        router.endpoints.forEach(endpoint -> Endpoint.parse("router.endpoints", endpoint));
    }

    /**
     * Reads a configuration with the presets of this host.
     *
     * @param file null for none
     * @throws ConfigException with all problems at once
     */
    static Loaded<SidecarConfig> read(
            @Nullable Path file, Map<String, String> environment, Map<String, String> settings) throws ConfigException {
        return ConfigLoader.read(
                SidecarConfig.class, file, environment, "DRAY_SIDECAR", settings, SidecarPresets.ofThisHost());
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

    /**
     * What is logged, to standard error.
     *
     * @param level trace, debug, info, warn or error; default {@code DRAY_LOG_LEVEL}, else info
     */
    public record Log(LogLevel level) {
        static final Log DEFAULT = new Log(LogLevel.of(System.getenv()));

        /** Puts the default in. */
        public Log {
            level = orElse(level, () -> DEFAULT.level);
        }
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
