package io.dray.router;

import io.dray.core.config.DataSize;
import io.dray.core.net.Endpoint;
import io.dray.core.net.Transport;
import io.dray.router.store.PostgresAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a router; absent values get their defaults here.
 *
 * @param name default: the host's name
 * @param listen host:port, default 127.0.0.1:7400
 * @param advertise host:port at which sidecars and other routers reach it, where several share a store; default what is
 *     listened on, with the name of the host where that is all its addresses
 * @param mesh default {@code default}; sidecars of another mesh are refused
 * @param transport auto, epoll or nio; default auto
 */
public record RouterConfig(
        String name,
        String listen,
        String advertise,
        String mesh,
        String transport,
        Admin admin,
        Store store,
        Pool pool) {
    public RouterConfig {
        name = orElse(name, hostName());
        listen = orElse(listen, "127.0.0.1:7400");
        mesh = orElse(mesh, "default");
        var _ = Endpoint.parse("listen", listen);
        advertise = orElse(advertise, "");
        if (!advertise.isEmpty()
                && Endpoint.parse("advertise", advertise) instanceof Endpoint.Tcp tcp
                && tcp.port() == 0) {
            throw new IllegalArgumentException(
                    "advertise: " + advertise + " (expected: host:port at which others reach this router)");
        }
        transport = orElse(transport, "auto");
        var _ = Transport.parse(transport);
        admin = orElse(admin, new Admin("127.0.0.1:7480"));
        store = orElse(store, new Store(defaultStore(), "", "", "", Store.RETENTION));
        pool = orElse(pool, Pool.DEFAULT);
    }

    /** Returns where others reach this router, which listens on a port. */
    String reachedAt(int port) {
        if (!advertise.isEmpty()) {
            return advertise;
        }
        if (!(Endpoint.parse("listen", listen) instanceof Endpoint.Tcp tcp)) {
            return listen;
        }
        InetAddress served = tcp.address().getAddress();
        boolean isAnywhere = served != null && served.isAnyLocalAddress();
        return new Endpoint.Tcp(isAnywhere ? hostName() : tcp.host(), port).toString();
    }

    /**
     * The admin server.
     *
     * @param listen host:port, default 127.0.0.1:7480
     */
    public record Admin(String listen) {
        public Admin {
            listen = orElse(listen, "127.0.0.1:7480");
            var _ = Endpoint.parseTcp("listen", listen);
        }
    }

    /**
     * Where tasks are kept: in a SQLite file of one router, or in a PostgreSQL that several routers share.
     *
     * @param path a SQLite file, default {@code ~/.local/share/dray/router.db}; unused beside {@code url}
     * @param url {@code jdbc:postgresql://host:port/database}; empty, the default, means the SQLite file
     * @param user of the PostgreSQL; empty, the default, means the user of this process
     * @param passwordFile a file with that user's password; empty, the default, means none or {@code ~/.pgpass}
     * @param retention how long a task is kept after its end, with its idempotency key, default 7d; in a PostgreSQL until
     *     the whole day of its end is so old
     */
    public record Store(Path path, String url, String user, String passwordFile, Duration retention) {
        private static final Duration RETENTION = Duration.ofDays(7);

        public Store {
            url = orElse(url, "");
            if (!url.isEmpty()) {
                PostgresAddress.check(url);
                if (path != null && !path.equals(defaultStore())) {
                    throw new IllegalArgumentException(
                            "path: " + path + " (expected: not set beside store.url, which takes its place)");
                }
            }
            path = orElse(path, defaultStore());
            user = orElse(user, "");
            passwordFile = orElse(passwordFile, "");
            retention = positive("retention", orElse(retention, RETENTION));
        }

        /** Returns whether tasks are kept in a PostgreSQL. */
        public boolean isPostgres() {
            return !url.isEmpty();
        }
    }

    /**
     * How the pool {@code default} is run.
     *
     * @param lease how long an unrenewed attempt and an absent node are kept, default 5s
     * @param reportInterval how often sidecars report, default 1s
     * @param directoryGrace how long a router that starts waits for the nodes it knows, default 10s
     * @param window how many tasks of a priority band are looked at, of each kind (labels, size), default 16
     * @param ageing after how long a task that does not fit gets a node kept free, default 5s; its turn comes after 6 times
     *     that, NORMAL 12, LOW 18
     * @param maxLiveTasks default 200000
     * @param payloadMemory bytes of payloads of waiting tasks held in memory, default 32MiB; the rest is read back
     */
    public record Pool(
            Duration lease,
            Duration reportInterval,
            Duration directoryGrace,
            Integer window,
            Duration ageing,
            Integer maxLiveTasks,
            DataSize payloadMemory) {
        static final Pool DEFAULT = new Pool(
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                16,
                Duration.ofSeconds(5),
                200_000,
                DataSize.ofMiB(32));

        public Pool {
            lease = positive("lease", orElse(lease, Duration.ofSeconds(5)));
            reportInterval = positive("report-interval", orElse(reportInterval, Duration.ofSeconds(1)));
            directoryGrace = orElse(directoryGrace, Duration.ofSeconds(10));
            window = positive("window", orElse(window, 16));
            ageing = positive("ageing", orElse(ageing, Duration.ofSeconds(5)));
            maxLiveTasks = positive("max-live-tasks", orElse(maxLiveTasks, 200_000));
            payloadMemory = orElse(payloadMemory, DataSize.ofMiB(32));
        }
    }

    private static Path defaultStore() {
        return Path.of(System.getProperty("user.home", "."), ".local", "share", "dray", "router.db");
    }

    private static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }

    private static Duration positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: more than 0, such as 5s)");
        }
        return value;
    }

    private static int positive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: >= 1)");
        }
        return value;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException _) {
            return "router";
        }
    }
}
