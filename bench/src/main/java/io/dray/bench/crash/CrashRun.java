package io.dray.bench.crash;

import io.dray.bench.crash.FaultPlan.Target;
import io.dray.bench.mesh.LocalMesh;
import io.dray.bench.mesh.PostgresServer;
import io.dray.bench.report.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One run of the harness: routers over a store, two sidecars and the agents of the wanted suites; faults for some time;
 * then all is up again, the senders settle, and the ledgers are audited. One thread uses it.
 */
public final class CrashRun implements AutoCloseable {
    private static final Duration SETTLE = Duration.ofSeconds(150);
    private static final Duration TASKS_END = Duration.ofSeconds(90);
    private static final int SHARED_STORE_ROUTERS = 3;
    private static final String NEAR = "near";
    private static final String FAR = "far";

    /** Which work is done while processes die. */
    public enum Suite {
        /** AT_LEAST_ONCE messages, to an agent of the sender's node and to one of another. */
        MESSAGES,
        /** Tasks. */
        TASKS,
        /** Both at once. */
        ALL
    }

    /** Where the routers keep tasks. */
    public enum Store {
        /** A file of the one router. */
        SQLITE,
        /** A PostgreSQL that three routers share, and that is killed too. */
        POSTGRES;

        /**
         * Tells how many routers there are.
         *
         * @return 1 or more
         */
        public int routers() {
            return this == SQLITE ? 1 : SHARED_STORE_ROUTERS;
        }
    }

    /**
     * What came of a run.
     *
     * @param store its name and version
     * @param faults how often which kind of process met which fault
     * @param verdicts one for each kind of work
     */
    public record Outcome(String store, Map<String, Integer> faults, List<Verdict> verdicts) {}

    private final Suite suite;
    private final Store store;
    private final Path logs;
    private final Path ledgers;
    private final PrintStream out;
    private final LocalMesh mesh;
    private final List<String> routers;
    private final List<HarnessAgent> handlers = new ArrayList<>();
    private final List<HarnessAgent> senders = new ArrayList<>();
    private @Nullable PostgresServer database;

    /**
     * Prepares a run without starting anything.
     *
     * @param suite what to run
     * @param store where the routers keep tasks
     * @param folder an existing folder for ledgers, stores and logs
     * @param out hears of each fault as it happens
     * @throws IOException when the folder cannot be written
     */
    public CrashRun(Suite suite, Store store, Path folder, PrintStream out) throws IOException {
        this.suite = suite;
        this.store = store;
        this.logs = folder;
        this.ledgers = Files.createDirectories(folder.resolve("ledgers"));
        this.out = out;
        this.mesh = new LocalMesh(folder, "auto");
        this.routers = IntStream.rangeClosed(1, store.routers())
                .mapToObj(number -> "router-" + number)
                .toList();
    }

    /**
     * Runs it.
     *
     * @param seconds how long there are faults
     * @param seed of the script of faults
     * @return what came of it
     * @throws IOException when a process cannot be started
     * @throws InterruptedException when the caller is interrupted
     */
    public Outcome run(long seconds, long seed) throws IOException, InterruptedException {
        String storeName = startRouters();
        mesh.startSidecar(NEAR);
        mesh.startSidecar(FAR);
        startAgents();
        out.println("all are up");

        FaultScript script = new FaultScript(victims(), out);
        script.run(seconds, seed);

        out.println("no more faults; waiting until all work has ended");
        senders.forEach(sender -> sender.child().ask("stop", SETTLE));
        return new Outcome(storeName, script.counts(), judge());
    }

    @Override
    public void close() {
        senders.forEach(HarnessAgent::close);
        handlers.forEach(HarnessAgent::close);
        mesh.close();
        if (database != null) {
            database.close();
        }
    }

    /** Returns the store's name. */
    private String startRouters() throws IOException, InterruptedException {
        String name = "sqlite";
        if (store == Store.POSTGRES) {
            PostgresServer server = PostgresServer.make(logs);
            database = server;
            server.start();
            name = "postgres " + server.version();
            routers.forEach(router -> mesh.set(router, server.routerSettings().toArray(String[]::new)));
        }
        for (String router : routers) {
            Victim.router(mesh, router, faults()).start();
        }
        return name;
    }

    private void startAgents() throws IOException, InterruptedException {
        if (suite != Suite.TASKS) {
            handlers.add(agent("receiver", "near-receiver", MessageReceiver.class, NEAR, "near-receiver"));
            handlers.add(agent("receiver", "far-receiver", MessageReceiver.class, FAR, "far-receiver"));
            senders.add(agent("sender", "sender", MessageSender.class, NEAR, "near-receiver", "far-receiver"));
        }
        if (suite != Suite.MESSAGES) {
            handlers.add(agent("worker", "near-worker", TaskWorker.class, NEAR, "near-worker"));
            handlers.add(agent("worker", "far-worker", TaskWorker.class, FAR, "far-worker"));
            senders.add(agent("submitter", "submitter", TaskSubmitter.class, NEAR));
        }
        for (HarnessAgent handler : handlers) {
            handler.victim().start();
        }
        for (HarnessAgent sender : senders) {
            sender.victim().start();
        }
    }

    private HarnessAgent agent(String kind, String name, Class<?> main, String node, String... args) {
        List<String> words = new ArrayList<>(List.of(mesh.socket(node), ledgers.toString()));
        words.addAll(List.of(args));
        Set<Fault> faults = kind.equals("worker") ? faults() : EnumSet.of(Fault.KILL);
        return new HarnessAgent(new Target(kind, name, faults), main, words, logs);
    }

    private List<Victim> victims() {
        List<Victim> victims = new ArrayList<>();
        handlers.forEach(handler -> victims.add(handler.victim()));
        senders.forEach(sender -> victims.add(sender.victim()));
        victims.add(Victim.sidecar(mesh, NEAR, faults()));
        victims.add(Victim.sidecar(mesh, FAR, faults()));
        routers.forEach(router -> victims.add(Victim.router(mesh, router, faults())));
        if (database != null) {
            victims.add(Victim.database(database));
        }
        return victims;
    }

    /** Zombies are for tasks alone: a message's promise does not say who may hold it. */
    private Set<Fault> faults() {
        return suite == Suite.TASKS ? EnumSet.allOf(Fault.class) : EnumSet.of(Fault.KILL);
    }

    private List<Verdict> judge() throws IOException, InterruptedException {
        List<Verdict> verdicts = new ArrayList<>();
        if (suite != Suite.TASKS) {
            verdicts.add(MessageAudit.judge(Lives.read(ledgers)));
        }
        if (suite != Suite.MESSAGES) {
            var tasks = RouterTasks.whenFinished(mesh.routerAddresses(), TASKS_END);
            verdicts.add(TaskAudit.judge(Lives.read(ledgers), tasks));
        }
        return verdicts;
    }
}
