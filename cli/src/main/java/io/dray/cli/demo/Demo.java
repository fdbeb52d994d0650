package io.dray.cli.demo;

import io.dray.cli.cluster.ClusterPlan;
import io.dray.cli.cluster.LocalCluster;
import io.dray.cli.cluster.LocalCluster.AgentProcess;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.cli.output.ProgressBar;
import io.dray.cli.output.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The digest demo from start to ledger: a router, three sidecars and an agent process beside each digest the text files
 * of a folder, and what they digested is compared with a plain walk. Runs on the caller's thread.
 */
public final class Demo {
    private static final List<String> NODES = ClusterPlan.nodeNames(3);
    private static final String READER_NODE = NODES.get(0);
    private static final String INDEXER_NODE = NODES.get(2);
    private static final String VICTIM = NODES.get(1);
    private static final String AGENTS_MAIN = "io.dray.examples.digest.DigestAgents";
    private static final int SLOTS = 4;
    private static final int TOP_TERMS = 5;
    private static final int SHOWN_PROBLEMS = 20;

    private final Options options;
    private final Console console;
    private final ProgressBar progress;
    private final long startedAt = System.nanoTime();

    private Demo(Options options, Console console) {
        this.options = options;
        this.console = console;
        this.progress = new ProgressBar(console);
    }

    /**
     * What is wanted.
     *
     * @param json where the report goes as JSON
     * @param keep leave the mesh running
     * @param chaos kill a sidecar in the middle
     */
    public record Options(Path folder, Optional<Path> json, boolean keep, boolean chaos) {}

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
        Path data = temporaryFolder();
        console.err()
                .printf(
                        "digesting %,d files of %s; logs in %s, removed when all goes well%n",
                        walk.files().size(), folder, data);
        ClusterPlan plan = new ClusterPlan(data, NODES, 0, 0, List.of("compression.policy=always"));
        ExitCode code;
        try (LocalCluster cluster = LocalCluster.start(plan, progress::note, () -> discard(data))) {
            code = run(cluster, walk);
            if (options.keep()) {
                keep(cluster, data);
                return code;
            }
        }
        if (code == ExitCode.DONE) {
            Folders.delete(data);
        } else {
            sayKept(data);
        }
        return code;
    }

    private ExitCode run(LocalCluster cluster, PlainWalk walk) {
        try {
            cluster.startAgents(agents(walk.files().size()));
            try (DigestMesh mesh = DigestMesh.of(cluster, READER_NODE, INDEXER_NODE)) {
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
        Digestion digestion = new Digestion(cluster, mesh, progress, tally);
        digestion.awaitAgents(NODES.size() + 2);
        progress.note("a router, %d sidecars and an agent process beside each are up after %.1f s"
                .formatted(NODES.size(), seconds()));
        mesh.read(walk.folder());
        digestion.await(succeeded -> {
            if (options.chaos()) {
                chaos.strike(succeeded, walk.files().size(), tally, progress::note);
            }
        });
        Ledger ledger = Ledger.compare(walk.files(), mesh.ledger(), mesh.tasks(List.of()), NODES);
        List<String> topTerms = mesh.topTerms(TOP_TERMS);
        mesh.tally(tally);
        progress.end();
        DemoReport report = new DemoReport(
                walk.files().size(),
                ledger.digested(),
                ledger.tasksByNode(),
                ledger.attempts(),
                DemoReport.Traffic.of(tally),
                topTerms,
                chaos.killed());
        DemoTable.print(console.out(), report, walk, seconds());
        if (!topTerms.isEmpty()) {
            String best = mesh.find(topTerms.getFirst()).stream().findFirst().orElse("nothing");
            console.out().printf("%nfind %s: best in %s%n", topTerms.getFirst(), Table.printable(best));
        }
        writeJson(report);
        return verdict(ledger, report);
    }

    private ExitCode verdict(Ledger ledger, DemoReport report) {
        List<String> problems = new ArrayList<>(ledger.problems());
        if (options.chaos() && report.killed().isEmpty()) {
            problems.add("chaos: the work was done before a sidecar could be killed");
        }
        if (options.chaos() && report.attempts() <= report.files()) {
            problems.add(
                    "chaos: %d attempts for %d files (expected: more)".formatted(report.attempts(), report.files()));
        }
        problems.stream()
                .limit(SHOWN_PROBLEMS)
                .forEach(problem -> console.err().println("dray: " + Table.printable(problem)));
        if (problems.size() > SHOWN_PROBLEMS) {
            console.err().printf("dray: and %,d more like these%n", problems.size() - SHOWN_PROBLEMS);
        }
        return problems.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private double seconds() {
        return (System.nanoTime() - startedAt) / 1e9;
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

    private void keep(LocalCluster cluster, Path data) {
        String sidecar = cluster.node(INDEXER_NODE).endpoint();
        String router = cluster.router();
        List<Long> ids = cluster.detach();
        String numbers = String.join(" ", ids.stream().map(String::valueOf).toList());
        console.out().printf("%nThe mesh is up:%n  export DRAY_SIDECAR=%s DRAY_ROUTER=%s%n", sidecar, router);
        console.out().printf("  ./dray request agent:indexer --type find 'some words'%n  ./dray nodes%n");
        console.out().printf("Stop it by: kill %s; rm -r %s%n", numbers, data);
    }

    private void writeJson(DemoReport report) {
        options.json().ifPresent(file -> {
            try {
                Files.writeString(file, Json.text(report.json()) + "\n");
            } catch (IOException e) {
                throw new CommandException(ExitCode.FAILED, "cannot write " + file + ": " + e, e);
            }
        });
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("dray-demo-");
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot make a temporary folder: " + e, e);
        }
    }
}
