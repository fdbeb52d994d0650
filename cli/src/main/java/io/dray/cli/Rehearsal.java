package io.dray.cli;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import io.dray.agent.Message;
import io.dray.agent.TaskRequest;
import io.dray.cli.output.Console;
import io.dray.core.config.ConfigException;
import io.dray.core.config.ConfigLoader;
import io.dray.core.telemetry.Logging;
import io.dray.router.Router;
import io.dray.router.RouterConfig;
import io.dray.sidecar.Sidecar;
import io.dray.sidecar.SidecarConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A short life of a whole mesh in one JVM: a router, two sidecars, agents that ask each other and do tasks.
 *
 * <p>The build runs it while it records the AOT cache, so that the cache holds the classes and profiles that each role
 * needs. Nothing else uses it.
 */
final class Rehearsal {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ROUNDS = 600;
    private static final int OUTSTANDING = 64;
    private static final int TASKS = 100;

    private static final String BESIDE = "beside-a";

    private final Path folder;
    private final int rounds;
    private final boolean isBeside;
    private final String routerSocket;

    /** Rehearses in a folder; {@code isBeside}: only agents, of a sidecar of node a that is another process. */
    Rehearsal(Path folder, int rounds, boolean isBeside) {
        this.folder = folder;
        this.rounds = rounds;
        this.isBeside = isBeside;
        this.routerSocket = "unix:" + folder.resolve("router.sock");
    }

    /** Runs it in the given folder, which must be private and have a short path; {@code beside-a} as second word. */
    public static void main(String[] words) throws Exception {
        Logging.setUp();
        boolean isBeside = words.length > 1 && words[1].equals(BESIDE);
        int asked = new Rehearsal(Path.of(words[0]), ROUNDS, isBeside).run();
        System.out.println("requests answered: " + asked);
        var console = Console.ofThisProcess();
        Dray.commandLine(console, "sidecar");
        System.exit(Dray.commandLine(console).execute("version"));
    }

    /** Returns how many requests and tasks were answered. */
    int run() throws Exception {
        return isBeside ? besideNodeA() : wholeMesh();
    }

    private int besideNodeA() throws Exception {
        int answered = 0;
        try (Mesh near = Mesh.connect(worker("near"), at("a"))) {
            for (int round = 0; round < rounds; round++) {
                answered += ask(near, "near");
            }
        }
        return answered;
    }

    private int wholeMesh() throws Exception {
        int answered = 0;
        try (Router _ = Router.start(router(), false);
                Sidecar _ = Sidecar.start(sidecar("a"), false);
                Sidecar _ = Sidecar.start(sidecar("b"), false);
                Mesh near = Mesh.connect(worker("near"), at("a"));
                Mesh _ = Mesh.connect(worker("far"), at("b"))) {
            for (int round = 0; round < rounds; round++) {
                answered += ask(near, round % 2 == 0 ? "near" : "far");
            }
            List<TaskRequest> tasks = new ArrayList<>();
            for (int i = 0; i < TASKS; i++) {
                tasks.add(TaskRequest.forCapability("echo").payload("task " + i));
            }
            for (var task : near.submitAll(tasks)) {
                task.result().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                answered++;
            }
        }
        return answered;
    }

    private static int ask(Mesh mesh, String agent) {
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < OUTSTANDING; i++) {
            replies.add(mesh.request(Message.to(agent).type("echo").payload("question " + i), PATIENCE));
        }
        replies.forEach(CompletableFuture::join);
        return replies.size();
    }

    private static AgentSpec worker(String name) {
        return AgentSpec.named(name)
                .capability("echo")
                .onRequest("echo", Message::text)
                .onTask((task, context) -> task.payload().toByteArray())
                .taskSlots(4);
    }

    private MeshConfig at(String node) {
        return MeshConfig.defaults()
                .withSidecar("unix:" + folder.resolve(node + ".sock"))
                .withConnectTimeout(PATIENCE);
    }

    private RouterConfig router() throws ConfigException {
        return ConfigLoader.load(
                RouterConfig.class,
                null,
                Map.of(),
                "DRAY_ROUTER",
                Map.of(
                        "listen",
                        routerSocket,
                        "admin.listen",
                        "127.0.0.1:0",
                        "store.path",
                        folder.resolve("tasks.db").toString()));
    }

    private SidecarConfig sidecar(String node) throws ConfigException {
        return ConfigLoader.load(
                SidecarConfig.class,
                null,
                Map.of(),
                "DRAY_SIDECAR",
                Map.of(
                        "node",
                        node,
                        "data-dir",
                        folder.resolve(node).toString(),
                        "agents.socket",
                        folder.resolve(node + ".sock").toString(),
                        "agents.listen",
                        "127.0.0.1:0",
                        "peers.listen",
                        "127.0.0.1:0",
                        "admin.listen",
                        "127.0.0.1:0",
                        "router.endpoints",
                        routerSocket));
    }
}
