package io.dray.cli.demo;

import io.dray.cli.cluster.ClusterPlan;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.cli.output.Json;
import io.dray.cli.output.ProgressBar;
import io.dray.cli.output.Table;
import io.dray.cli.output.Tone;
import io.dray.router.v1.Task;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a demo says when all is digested: the table, why it was not exact, the reports. Runs on the caller's thread.
 */
final class DemoEnd {
    private static final int TOP_TERMS = 5;
    static final int SHOWN_PROBLEMS = 20;

    private final Demo.Options options;
    private final Console console;
    private final ProgressBar progress;
    private final long startedAt;
    private boolean hasReports = true;

    /**
     * Says nothing yet.
     *
     * @param startedAt by the clock of {@link System#nanoTime}
     */
    DemoEnd(Demo.Options options, Console console, ProgressBar progress, long startedAt) {
        this.options = options;
        this.console = console;
        this.progress = progress;
        this.startedAt = startedAt;
    }

    /**
     * What was done.
     *
     * @param begin when the mesh was asked
     * @param earlier ids of tasks of other demos
     * @param known what was known without a task; empty on a mesh that knew nothing
     */
    record Work(PlainWalk walk, Instant begin, Set<String> earlier, List<Chaos.Kill> kills, Optional<Known> known) {}

    /** What router and indexer say when all is digested. */
    private record Results(
            List<Task> tasks,
            List<Task> ownTasks,
            List<Ledger.Entry> entries,
            List<LikeFile> likeFiles,
            List<Scored> terms) {
        static Results of(DigestMesh mesh, Set<String> earlier) {
            List<Task> tasks = mesh.tasks(List.of());
            List<Task> own = tasks.stream()
                    .filter(task -> !earlier.contains(task.getTaskId()))
                    .toList();
            return new Results(tasks, own, mesh.ledger(), mesh.likeFiles(), mesh.topTerms(DemoPage.TERMS));
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

    /** Seconds since the start of the command. */
    double seconds() {
        return (System.nanoTime() - startedAt) / 1e9;
    }

    /** Whether the only thing that went wrong, if any, is that a report could not be written. */
    boolean hasReports() {
        return hasReports;
    }

    /**
     * Says how to ask a mesh that stays up: by the reader's sidecar, which keeps the replies.
     *
     * @param isFound whether the next demo takes it
     */
    void tellMesh(KeptMesh kept, boolean isFound) {
        MeshAddresses addresses = kept.addresses();
        console.out().printf("""
            %nThe mesh stays up. Ask it:
              export DRAY_SIDECAR=%s DRAY_ROUTER=%s
              ./dray request indexer --type find 'some words'
              ./dray cache stats    # the replies that this sidecar keeps
              ./dray nodes
            """, addresses.sidecar(Demo.READER_NODE), addresses.router());
        if (isFound) {
            console.out().printf("  ./dray demo           # takes this mesh: what it knows is answered from a cache%n");
        }
        console.out().printf("Stop it by: %s%n", kept.stop());
    }

    /** Asks the mesh, compares and tells; FAILED if the ledger is not exact or a report could not be written. */
    ExitCode tell(DigestMesh mesh, StatusTally tally, Work work) {
        PlainWalk walk = work.walk();
        Results results = Results.of(mesh, work.earlier());
        Ledger ledger = Ledger.compare(walk.files(), results.entries(), results.tasks(), work.earlier(), Demo.NODES);
        mesh.tally(tally);
        progress.end();
        DemoReport report = new DemoReport(
                walk.files().size(),
                ledger.digested(),
                ledger.tasksByNode(),
                ledger.attempts(),
                DemoReport.Traffic.of(tally),
                results.topTerms(),
                work.kills().stream().map(Chaos.Kill::node).toList(),
                work.known());
        double seconds = seconds();
        DemoTable.print(console.out(), report, walk, Found.of(results.entries(), results.likeFiles()), seconds);
        find(mesh, report);
        List<String> problems = new ArrayList<>(ledger.problems());
        problems.addAll(LikeFile.problems(walk.files(), results.likeFiles()));
        ExitCode code = verdict(problems, report);
        boolean isJsonWritten = write("report", options.json(), () -> Json.text(report.json()) + "\n");
        boolean isPageWritten =
                write("page", options.html(), () -> page(mesh, work, results, report, problems, seconds));
        Tone tone = code == ExitCode.DONE ? Tone.GOOD : Tone.BAD;
        console.out().println(console.coloured(tone, DemoVerdict.line(report, problems.size())));
        if (code == ExitCode.DONE && isPageWritten) {
            sayNext(options.keep() || work.known().isPresent());
        }
        hasReports = (isJsonWritten && isPageWritten) || code != ExitCode.DONE;
        return isJsonWritten && isPageWritten ? code : ExitCode.FAILED;
    }

    private void find(DigestMesh mesh, DemoReport report) {
        if (report.topTerms().isEmpty()) {
            return;
        }
        String word = report.topTerms().getFirst();
        String best = mesh.find(word).stream().findFirst().orElse("nothing");
        console.out()
                .printf("%nAsked the indexer for '%s', which it says tells most in %s%n", word, Table.printable(best));
    }

    /** One hint; a mesh that stays up has its own. */
    private void sayNext(boolean isMeshKept) {
        if (options.html().isPresent()) {
            console.out().println("next: open the page in a browser");
        } else if (!isMeshKept) {
            console.out().println("next: ./dray demo --html page.html    # what was found, as a page for a browser");
        }
    }

    private String page(
            DigestMesh mesh, Work work, Results results, DemoReport report, List<String> problems, double seconds) {
        Timeline timeline =
                Timeline.of(work.begin(), Demo.READER_NODE, results.ownTasks(), results.filesByTask(), work.kills());
        return DemoPage.of(new DemoPage.Content(
                work.walk().folder(),
                work.begin(),
                seconds,
                work.walk().leftOut(),
                report,
                problems,
                results.entries(),
                mesh.digests(),
                results.terms(),
                results.likeFiles(),
                timeline,
                Demo.NODES));
    }

    /** Tells why the run was not exact; adds to the problems what chaos missed. */
    private ExitCode verdict(List<String> problems, DemoReport report) {
        if (options.chaos() && report.killed().isEmpty()) {
            problems.add("chaos: the work was done before a sidecar could be killed");
        } else if (options.chaos() && !report.killed().contains(ClusterPlan.ROUTER)) {
            problems.add("chaos: the work was done before the router could be killed");
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

    /** Writes a report that is wanted; tells when it cannot be. */
    private boolean write(String what, Optional<ReportFile> file, Supplier<String> text) {
        try {
            file.ifPresent(wanted -> {
                wanted.write(text.get());
                console.out().println(what + ": " + Table.printable(wanted.path()));
            });
            return true;
        } catch (CommandException e) {
            console.err().println("dray: " + Failures.line(e));
            return false;
        }
    }
}
