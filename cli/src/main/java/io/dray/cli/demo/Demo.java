package io.dray.cli.demo;

import io.dray.cli.cluster.ClusterPlan;
import io.dray.cli.cluster.LocalCluster;
import io.dray.cli.cluster.LocalCluster.AgentProcess;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.ProgressBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The digest demo from start to ledger: a router, three sidecars and an agent process beside each digest the text files
 * of a folder, and what they digested is compared with a plain walk. A mesh that another demo left up is taken instead
 * of starting one. Runs on the caller's thread.
 */
public final class Demo {
    static final List<String> NODES = ClusterPlan.nodeNames(3);
    static final String READER_NODE = NODES.get(0);
    static final String INDEXER_NODE = NODES.get(2);
    /** A digester for each node, the reader and the indexer. */
    static final int AGENTS = NODES.size() + 2;

    private static final String VICTIM = NODES.get(1);
    private static final String AGENTS_MAIN = "io.dray.examples.digest.DigestAgents";
    private static final int SLOTS = 4;

    private final Options options;
    private final Console console;
    private final ProgressBar progress;
    private final DemoEnd end;

    private Demo(Options options, Console console) {
        this.options = options;
        this.console = console;
        this.progress = new ProgressBar(console);
        this.end = new DemoEnd(options, console, progress, System.nanoTime());
    }

    /**
     * What is wanted.
     *
     * @param json where the report goes as JSON
     * @param html where all that was found goes as a page
     * @param keep leave the mesh running
     * @param chaos kill a sidecar and the router in the middle
     * @param fresh start a mesh although one was kept
     */
    public record Options(
            Path folder,
            Optional<ReportFile> json,
            Optional<ReportFile> html,
            boolean keep,
            boolean chaos,
            boolean fresh) {}

    /**
     * Runs the demo and prints its table.
     *
     * @return DONE if every file was digested exactly once, and the chaos, if wanted, was felt; else FAILED
     * @throws CommandException if the folder cannot be digested or the mesh does not come up
     */
    public static ExitCode run(Options options, Console console) {
        return new Demo(options, console).run();
    }

    private ExitCode run() {
        Path folder = options.folder().toAbsolutePath().normalize();
        PlainWalk walk = PlainWalk.of(folder);
        if (options.fresh()) {
            return start(walk);
        }
        Optional<KeptMeshes.Claim> claim = new KeptMeshes(temporaryFolder(), this::warn).claim();
        if (claim.isEmpty()) {
            return start(walk);
        }
        try (var taken = claim.get()) {
            if (options.chaos()) {
                throw new CommandException(
                        ExitCode.USAGE,
                        ("--chaos: the mesh that is kept in %s would be taken, and its sidecars are not this demo's to"
                                        + " kill (expected: --fresh too, or that mesh ended by: %s)")
                                .formatted(taken.mesh().folder(), taken.mesh().stop()));
            }
            if (AttachedDemo.isIdle(taken.mesh(), progress)) {
                console.err()
                        .printf(
                                "digesting %,d files of %s on the mesh that is kept in %s%s; --fresh starts another%n",
                                walk.files().size(),
                                folder,
                                taken.mesh().folder(),
                                taken.all() > 1 ? " (the newest of " + taken.all() + ")" : "");
                return new AttachedDemo(taken.mesh(), progress, end).run(walk);
            }
        }
        return start(walk);
    }

    private void warn(String line) {
        console.err().println("dray: " + line);
    }

    private ExitCode start(PlainWalk walk) {
        Path data = newFolder();
        console.err()
                .printf(
                        "digesting %,d files of %s; logs in %s, removed when all goes well%n",
                        walk.files().size(), walk.folder(), data);
        ClusterPlan plan = new ClusterPlan(data, NODES, 0, 0, List.of("compression.policy=always"));
        ExitCode code;
        try (LocalCluster cluster = LocalCluster.start(plan, progress::note, () -> discard(data))) {
            code = run(cluster, walk);
            if (options.keep()) {
                keep(cluster, walk, code);
                return code;
            }
        }
        // Logs do not tell why a report could not be written.
        if (code == ExitCode.DONE || !end.hasReports()) {
            Folders.delete(data);
        } else {
            sayKept(data);
        }
        return code;
    }

    private ExitCode run(LocalCluster cluster, PlainWalk walk) {
        try {
            cluster.startAgents(agents(walk.files().size()));
            try (DigestMesh mesh = mesh(cluster)) {
                return digest(cluster, mesh, walk);
            }
        } catch (RuntimeException e) {
            if (!cluster.isClosing()) {
                sayKept(cluster.folder());
            }
            throw e;
        }
    }

    private void sayKept(Path data) {
        progress.end();
        console.err().println("dray: the logs are kept in " + data);
    }

    /** What an interrupted demo leaves behind is of no use. */
    private void discard(Path data) {
        Folders.delete(data);
        progress.end();
        console.err().println("dray: interrupted; all processes have ended and " + data + " is removed");
    }

    private ExitCode digest(LocalCluster cluster, DigestMesh mesh, PlainWalk walk) {
        StatusTally tally = new StatusTally();
        Chaos chaos = new Chaos(cluster, mesh, VICTIM);
        Digestion digestion = new Digestion(cluster::deadAgents, mesh, progress, tally, 0);
        digestion.awaitAgents(AGENTS);
        progress.note("a router, %d sidecars and an agent process beside each are up after %.1f s"
                .formatted(NODES.size(), end.seconds()));
        Instant begin = Instant.now();
        mesh.read(walk.folder());
        digestion.await(succeeded -> {
            if (options.chaos()) {
                chaos.strike(succeeded, walk.files().size(), tally, progress::note);
            }
        });
        return end.tell(mesh, tally, new DemoEnd.Work(walk, begin, Set.of(), chaos.kills(), Optional.empty()));
    }

    private List<AgentProcess> agents(int files) {
        List<AgentProcess> agents = new ArrayList<>();
        for (String node : NODES) {
            List<String> words = new ArrayList<>(List.of("digester", "slots=" + SLOTS));
            if (node.equals(READER_NODE)) {
                words.add("reader");
            }
            if (node.equals(INDEXER_NODE)) {
                words.add("indexer");
            }
            if (options.chaos()) {
                words.add("linger-millis=" + Chaos.lingerMillis(files));
            }
            agents.add(new AgentProcess(node + "-agents", node, AGENTS_MAIN, words));
        }
        return agents;
    }

    private void keep(LocalCluster cluster, PlainWalk walk, ExitCode code) {
        if (code == ExitCode.DONE) {
            try (DigestMesh mesh = mesh(cluster)) {
                AttachedDemo.warm(mesh, walk, progress);
            }
        }
        MeshAddresses addresses = MeshAddresses.of(cluster);
        List<KeptMesh.Member> processes =
                cluster.detach().stream().map(KeptMesh.Member::of).toList();
        KeptMesh kept = new KeptMesh(cluster.folder(), Instant.now(), addresses, processes);
        // The files of a ledger that is not exact may not be known as they should.
        end.tellMesh(kept, code == ExitCode.DONE && isWritten(kept));
    }

    private boolean isWritten(KeptMesh kept) {
        try {
            kept.write();
            return true;
        } catch (IOException e) {
            warn("no other demo will find the mesh: " + e);
            return false;
        }
    }

    private static DigestMesh mesh(LocalCluster cluster) {
        return DigestMesh.of(MeshAddresses.of(cluster), READER_NODE, INDEXER_NODE);
    }

    private static Path temporaryFolder() {
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory(KeptMeshes.PREFIX);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot make a temporary folder: " + e, e);
        }
    }
}
