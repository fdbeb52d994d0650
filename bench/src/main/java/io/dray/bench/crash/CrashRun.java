package io.dray.bench.crash;

import io.dray.bench.mesh.LocalMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One run of the harness: a router, two sidecars and the agents of the wanted suites; faults for some time; then all is
 * started again, the senders settle, and the ledgers are audited. One thread uses it.
 */
public final class CrashRun implements AutoCloseable {
    private static final Duration SETTLE = Duration.ofSeconds(100);
    private static final Duration TASKS_END = Duration.ofSeconds(60);
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

    /**
     * What came of a run.
     *
     * @param suite what was run
     * @param seconds how long processes were killed
     * @param seed of the kill script
     * @param kills how often each kind of process was killed
     * @param verdicts one for each kind of work
     */
    public record Report(String suite, int seconds, long seed, Map<String, Integer> kills, List<Verdict> verdicts) {
        /**
         * Tells whether every promise was kept.
         *
         * @return false when something was lost, or a task was done again
         */
        public boolean passed() {
            return verdicts.stream().allMatch(CrashRun::passed);
        }
    }

    private final Suite suite;
    private final Path logs;
    private final Path ledgers;
    private final LocalMesh mesh;
    private final List<Victim.Agent> handlers = new ArrayList<>();
    private final List<Victim.Agent> senders = new ArrayList<>();

    /**
     * Prepares a run without starting anything.
     *
     * @param suite what to run
     * @param folder an existing folder for ledgers, stores and logs
     * @throws IOException when the folder cannot be written
     */
    public CrashRun(Suite suite, Path folder) throws IOException {
        this.suite = suite;
        this.logs = folder;
        this.ledgers = Files.createDirectories(folder.resolve("ledgers"));
        this.mesh = new LocalMesh(folder, "auto");
    }

    /**
     * Runs it.
     *
     * @param seconds how long to kill processes
     * @param seed of the kill script
     * @return what came of it
     * @throws IOException when a process cannot be started
     * @throws InterruptedException when the caller is interrupted
     */
    public Report run(int seconds, long seed) throws IOException, InterruptedException {
        mesh.startRouter();
        mesh.startSidecar(NEAR);
        mesh.startSidecar(FAR);
        startAgents();

        KillScript script = new KillScript(victims(), seed);
        script.run(seconds);

        senders.forEach(sender -> sender.child().ask("stop", SETTLE));
        return new Report(suite.name().toLowerCase(Locale.ROOT), seconds, seed, script.kills(), judge());
    }

    @Override
    public void close() {
        senders.forEach(Victim.Agent::close);
        handlers.forEach(Victim.Agent::close);
        mesh.close();
    }

    private void startAgents() throws IOException {
        if (suite != Suite.TASKS) {
            handlers.add(agent("near-receiver", MessageReceiver.class, NEAR, "near-receiver"));
            handlers.add(agent("far-receiver", MessageReceiver.class, FAR, "far-receiver"));
            senders.add(agent("sender", MessageSender.class, NEAR, "near-receiver", "far-receiver"));
        }
        if (suite != Suite.MESSAGES) {
            handlers.add(agent("near-worker", TaskWorker.class, NEAR, "near-worker"));
            handlers.add(agent("far-worker", TaskWorker.class, FAR, "far-worker"));
            senders.add(agent("submitter", TaskSubmitter.class, NEAR));
        }
        for (Victim.Agent handler : handlers) {
            handler.start();
        }
        for (Victim.Agent sender : senders) {
            sender.start();
        }
    }

    private Victim.Agent agent(String name, Class<?> main, String node, String... args) {
        List<String> words = new ArrayList<>(List.of(mesh.socket(node), ledgers.toString()));
        words.addAll(List.of(args));
        return Victim.agent(name, main, words, logs);
    }

    private List<Victim> victims() {
        List<Victim> victims = new ArrayList<>(handlers);
        victims.addAll(senders);
        victims.add(Victim.sidecar(mesh, NEAR));
        victims.add(Victim.sidecar(mesh, FAR));
        victims.add(Victim.router(mesh));
        return victims;
    }

    private List<Verdict> judge() throws IOException, InterruptedException {
        List<Entry> entries = Ledger.readAll(ledgers);
        List<Verdict> verdicts = new ArrayList<>();
        if (suite != Suite.TASKS) {
            verdicts.add(MessageAudit.judge(entries));
        }
        if (suite != Suite.MESSAGES) {
            var tasks = RouterTasks.whenFinished(mesh.routerAddress(), TASKS_END);
            verdicts.add(TaskAudit.judge(Ledger.readAll(ledgers), tasks));
        }
        return verdicts;
    }

    private static boolean passed(Verdict verdict) {
        boolean twice = verdict.suite().equals("tasks") && verdict.duplicated() > 0;
        return verdict.lost() == 0 && !twice && verdict.sent() > 0 && verdict.settled() > 0;
    }
}
