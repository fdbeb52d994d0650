package io.dray.bench.mesh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Routers and sidecars as processes of this machine, which can be killed and started again on the same addresses. The
 * first start of each takes free ports. One thread uses it, but each process may be restarted by a thread of its own.
 */
public final class LocalMesh implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);
    private static final String ROUTER_MAIN = "io.dray.router.RouterMain";
    private static final String SIDECAR_MAIN = "io.dray.sidecar.SidecarMain";
    private static final String ANY_PORT = "127.0.0.1:0";
    private static final String ROUTER = "router";

    private final Path folder;
    private final String transport;
    private final Map<String, List<String>> extras = new HashMap<>();
    private final Map<String, Child> sidecars = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> places = new ConcurrentHashMap<>();
    private final Map<String, Child> routers = new ConcurrentHashMap<>();
    private final Map<String, JsonNode> routerPlaces = new ConcurrentSkipListMap<>();
    private List<String> routerFlags = List.of();

    /**
     * Prepares a mesh without starting anything.
     *
     * @param folder an existing folder for sockets, stores and logs
     * @param transport epoll, nio or auto
     */
    public LocalMesh(Path folder, String transport) {
        this.folder = folder;
        this.transport = transport;
    }

    /**
     * Adds settings for one process, in force from its next start.
     *
     * @param name node, or {@code router}
     * @param settings words such as {@code memory.mailbox=1MiB}
     */
    public void set(String name, String... settings) {
        extras.put(name, List.of(settings));
    }

    /**
     * Changes the JVM of the routers, from their next start.
     *
     * @param flags such as {@code -Xmx1g}
     */
    public void setRouterFlags(String... flags) {
        routerFlags = List.of(flags);
    }

    /**
     * Starts the router, on its address of before if it had one.
     *
     * @throws IOException when the process cannot be started
     */
    public void startRouter() throws IOException {
        startRouter(ROUTER);
    }

    /**
     * Starts one of several routers, on its address of before if it had one. They must share a store, which
     * {@link #set} names for each.
     *
     * @param name its name
     * @throws IOException when the process cannot be started
     */
    public void startRouter(String name) throws IOException {
        JsonNode before = routerPlaces.get(name);
        List<String> words = new ArrayList<>(List.of(
                "name=" + name,
                "listen=" + (before == null ? ANY_PORT : before.get("listen").asString()),
                "admin.listen=" + ANY_PORT));
        if (extras.getOrDefault(name, List.of()).stream().noneMatch(setting -> setting.startsWith("store.url="))) {
            words.add("store.path=" + routerStore());
        }
        Child router = Jvm.tethered(name, routerFlags, ROUTER_MAIN, settings(name, words), folder);
        routers.put(name, router);
        routerPlaces.put(name, router.ready(START));
    }

    /**
     * Starts one sidecar, on its addresses of before if it had some.
     *
     * @param node its name
     * @throws IOException when the process cannot be started
     */
    public void startSidecar(String node) throws IOException {
        JsonNode before = places.get(node);
        List<String> words = new ArrayList<>(List.of(
                "node=" + node,
                "data-dir=" + folder.resolve(node),
                "agents.socket=" + folder.resolve(node + ".sock"),
                "agents.listen="
                        + (before == null ? ANY_PORT : before.get("agents").asString()),
                "peers.listen="
                        + (before == null ? ANY_PORT : before.get("peers").asString()),
                "admin.listen=" + ANY_PORT));
        if (!routerPlaces.isEmpty()) {
            words.add("router.endpoints=" + String.join(",", routerAddresses()));
        }
        Child sidecar = Jvm.tethered(node, SIDECAR_MAIN, settings(node, words), folder);
        sidecars.put(node, sidecar);
        places.put(node, sidecar.ready(START));
    }

    /**
     * Returns one sidecar's process.
     *
     * @param node its name
     * @return the process of its last start
     */
    public Child sidecar(String node) {
        Child sidecar = sidecars.get(node);
        if (sidecar == null) {
            throw new IllegalStateException("node " + node + " was never started (started: " + nodes() + ")");
        }
        return sidecar;
    }

    /**
     * Returns the router's process.
     *
     * @return the process of its last start
     */
    public Child router() {
        return router(ROUTER);
    }

    /**
     * Returns the process of one of several routers.
     *
     * @param name its name
     * @return the process of its last start
     */
    public Child router(String name) {
        Child router = routers.get(name);
        if (router == null) {
            throw new IllegalStateException(
                    "router " + name + " was never started (started: " + routers.keySet() + ")");
        }
        return router;
    }

    /**
     * Returns where agents reach a node.
     *
     * @param node its name
     * @return its Unix socket, in the form of DRAY_SIDECAR
     */
    public String socket(String node) {
        return "unix:" + place(node).get("socket").asString();
    }

    /**
     * Returns where agents reach a node by TCP.
     *
     * @param node its name
     * @return host:port
     */
    public String tcp(String node) {
        return place(node).get("agents").asString();
    }

    /**
     * Returns what a node said when it was ready.
     *
     * @param node its name
     * @return the JSON of its READY line
     */
    public JsonNode place(String node) {
        JsonNode place = places.get(node);
        if (place == null) {
            throw new IllegalStateException("node " + node + " was never started (started: " + nodes() + ")");
        }
        return place;
    }

    /**
     * Returns where the router listens.
     *
     * @return host:port
     */
    public String routerAddress() {
        return routerPlaces.isEmpty() ? "" : routerAddresses().getFirst();
    }

    /**
     * Returns where all routers listen.
     *
     * @return host:port of each that was started, in the order of their names
     */
    public List<String> routerAddresses() {
        return routerPlaces.values().stream()
                .map(place -> place.get("listen").asString())
                .toList();
    }

    /**
     * Returns where the router serves /metrics.
     *
     * @return host:port
     */
    public String routerAdmin() {
        JsonNode place = routerPlaces.get(ROUTER);
        return place == null ? "" : place.get("admin").asString();
    }

    /**
     * Returns the router's database.
     *
     * @return its file
     */
    public Path routerStore() {
        return folder.resolve("router.db");
    }

    /**
     * Deletes the router's database, so that its next start knows nothing. Only while it is down.
     *
     * @throws IOException when a file cannot be deleted
     */
    public void forgetRouterStore() throws IOException {
        for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(folder.resolve("router.db" + suffix));
        }
    }

    /**
     * Returns the nodes that were started.
     *
     * @return their names
     */
    public Collection<String> nodes() {
        return sidecars.keySet();
    }

    /**
     * Deletes the folder with sockets, stores and logs; after {@link #close()}, when nobody needs the logs.
     *
     * @param folder a folder that this bench made
     * @throws IOException when a file cannot be deleted
     */
    public static void deleteFolder(Path folder) throws IOException {
        List<Path> paths;
        try (Stream<Path> all = Files.walk(folder)) {
            paths = new ArrayList<>(all.toList());
        }
        for (Path path : paths.reversed()) {
            Files.deleteIfExists(path);
        }
    }

    @Override
    public void close() {
        sidecars.values().forEach(Child::close);
        routers.values().forEach(Child::close);
    }

    /** What was set for the process comes last, so that it holds. */
    private List<String> settings(String name, List<String> own) {
        List<String> settings = new ArrayList<>(own);
        settings.add("transport=" + transport);
        settings.addAll(extras.getOrDefault(name, List.of()));
        return settings.stream().flatMap(setting -> Stream.of("--set", setting)).toList();
    }
}
