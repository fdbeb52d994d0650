package io.dray.cli;

import io.dray.cli.compose.ComposeProject;
import io.dray.cli.compose.ComposeStatus;
import io.dray.cli.compose.RouterWatch;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.Durations;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.ProgressBar;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dray compose up}: builds images where it must, starts the containers and waits until the mesh has them all. */
@Command(
        name = "up",
        description = "Build the images that are missing or older than their files, start what does not run, wait until"
                + " all is healthy and attached.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray compose up", "  dray compose up --build --timeout 5m"})
final class ComposeUpCommand implements Runnable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Console console;

    @Option(names = "--build", description = "Build the images in any case.")
    private boolean build;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Durations.class,
            description = "How long to wait for containers that were started, such as 90s or 5m (default: 2m).")
    private Duration timeout = Duration.ofMinutes(2);

    ComposeUpCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ComposeProject project = ComposeCommand.project();
        project.prepare(console.err());
        buildWhereStale(project);
        tell("starting project " + project.name());
        project.start(console.err());
        ComposeStatus status;
        try (RouterWatch router = new RouterWatch()) {
            status = awaitReady(project, router);
        }
        status.printTable(console.out());
        status.printWhatNext(console.out(), project.byHand());
    }

    private void buildWhereStale(ComposeProject project) {
        List<String> stale = build ? List.of() : project.staleServices();
        if (!build && stale.isEmpty()) {
            tell("the images are up to date");
            return;
        }
        tell(build ? "building all images" : "building images that are missing or older than their files: " + stale);
        project.build(stale, console.err());
    }

    private ComposeStatus awaitReady(ComposeProject project, RouterWatch router) {
        List<String> names = project.serviceNames();
        ProgressBar bar = new ProgressBar(console);
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        ComposeStatus status = project.status(router);
        while (!status.isReady(names)) {
            bar.show("ready", status.ready(names), names.size());
            if (System.nanoTime() - deadlineNanos > 0) {
                bar.end();
                throw new CommandException(
                        ExitCode.TIMED_OUT,
                        "not ready within " + timeout.toSeconds() + " s: " + status.missing(names)
                                + " (see: dray compose logs, dray compose status)");
            }
            pause();
            status = project.status(router);
        }
        bar.show("ready", names.size(), names.size());
        bar.end();
        return status;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.INTERRUPTED, "interrupted", e);
        }
    }

    private void tell(String line) {
        console.err().println("dray: " + line);
    }
}
