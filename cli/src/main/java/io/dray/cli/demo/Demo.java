package io.dray.cli.demo;

import io.dray.cli.cluster.ClusterPlan;
import io.dray.cli.cluster.LocalCluster;
import io.dray.cli.cluster.LocalCluster.AgentProcess;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.cli.output.Json;
import io.dray.cli.output.ProgressBar;
import io.dray.cli.output.Table;
import io.dray.router.v1.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
    static final int SHOWN_PROBLEMS = 20;

    private final Options options;
    private final Console console;
    private final ProgressBar progress;
    private final long startedAt = System.nanoTime();
    private boolean hasReports = true;

    private Demo(Options options, Console console) {
        this.options = options;
        this.console = console;
        this.progress = new ProgressBar(console);
    }

    /**
     * What is wanted.
     *
     * @param json where the report goes as JSON
     * @param html where all that was found goes as a page
     * @param keep leave the mesh running
     * @param chaos kill a sidecar in the middle
     */
    public record Options(
            Path folder, Optional<ReportFile> json, Optional<ReportFile> html, boolean keep, boolean chaos) {}

    /**
     * Runs the demo and prints its table.
     *
     * @return DONE if every file was digested exactly once, and the chaos, if wanted, was felt; else FAILED
     * @throws CommandException if the folder cannot be digested or the mesh does not come up
     */
    public static ExitCode run(Options options, Console console) {
        return new Demo(options, console).run();
    }

    /** What router and indexer say when all is digested. */
    private record Results(List<Task> tasks, List<Ledger.Entry> entries, List<LikeFile> likeFiles, List<Scored> terms) {
        static Results of(DigestMesh mesh) {
            return new Results(mesh.tasks(List.of()), mesh.ledger(), mesh.likeFiles(), mesh.topTerms(DemoPage.TERMS));
        }

        List<String> topTerms() {
            return terms.stream().map(Scored::name).limit(TOP_TERMS).toList();
        }

        Map<String, String> filesByTask() {
            Map<String, String> files = new HashMap<>();
            entries.forEach(entry -> files.put(entry.taskId(), entry.file()));
            return files;
        }
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
        // Logs do not tell why a report could not be written.
        if (code == ExitCode.DONE || !hasReports) {
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
        Instant begin = Instant.now();
        mesh.read(walk.folder());
        digestion.await(succeeded -> {
            if (options.chaos()) {
                chaos.strike(succeeded, walk.files().size(), tally, progress::note);
            }
        });
        Results results = Results.of(mesh);
        Ledger ledger = Ledger.compare(walk.files(), results.entries(), results.tasks(), NODES);
        mesh.tally(tally);
        progress.end();
        DemoReport report = new DemoReport(
                walk.files().size(),
                ledger.digested(),
                ledger.tasksByNode(),
                ledger.attempts(),
                DemoReport.Traffic.of(tally),
                results.topTerms(),
                chaos.killed());
        DemoTable.print(console.out(), report, walk, Found.of(results.entries(), results.likeFiles()), seconds());
        if (!report.topTerms().isEmpty()) {
            String word = report.topTerms().getFirst();
            String best = mesh.find(word).stream().findFirst().orElse("nothing");
            console.out().printf("%nfind %s: best in %s%n", word, Table.printable(best));
        }
        List<String> problems = new ArrayList<>(ledger.problems());
        problems.addAll(LikeFile.problems(walk.files(), results.likeFiles()));
        ExitCode code = verdict(problems, report);
        boolean isJsonWritten = write(options.json(), () -> Json.text(report.json()) + "\n");
        boolean isPageWritten = write(options.html(), () -> {
            Timeline timeline = Timeline.of(begin, READER_NODE, results.tasks(), results.filesByTask(), chaos.kills());
            return DemoPage.of(new DemoPage.Content(
                    walk.folder(),
                    begin,
                    seconds(),
                    walk.leftOut(),
                    report,
                    problems,
                    results.entries(),
                    mesh.digests(),
                    results.terms(),
                    results.likeFiles(),
                    timeline,
                    NODES));
        });
        hasReports = (isJsonWritten && isPageWritten) || code != ExitCode.DONE;
        return isJsonWritten && isPageWritten ? code : ExitCode.FAILED;
    }

    /** Tells why the run was not exact; adds to the problems what chaos missed. */
    private ExitCode verdict(List<String> problems, DemoReport report) {
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

    /** Writes a report that is wanted; tells when it cannot be. */
    private boolean write(Optional<ReportFile> file, Supplier<String> text) {
        try {
            file.ifPresent(wanted -> wanted.write(text.get()));
            return true;
        } catch (CommandException e) {
            console.err().println("dray: " + Failures.line(e));
            return false;
        }
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("dray-demo-");
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "cannot make a temporary folder: " + e, e);
        }
    }
}
