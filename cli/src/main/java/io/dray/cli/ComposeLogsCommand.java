package io.dray.cli;

import io.dray.cli.compose.ComposeProject;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray compose logs}: what the containers said, by Compose at this terminal. */
@Command(
        name = "logs",
        description = "Show what the services said.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray compose logs", "  dray compose logs router sidecar-a --tail 20 -f"})
final class ComposeLogsCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "SERVICE", description = "Only of these services.")
    private List<String> services = List.of();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--tail",
            paramLabel = "N",
            converter = CountWord.class,
            description = "Only the last N lines of each service.")
    private int tail;

    ComposeLogsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ComposeProject project = ComposeCommand.project();
        refuseUnknown(project);
        console.out().flush();
        return project.logs(options(), services);
    }

    /** What Compose is asked for: 1.29 colours also what goes into a pipe. */
    List<String> options() {
        List<String> options = new ArrayList<>();
        if (!console.isColoured()) {
            options.add("--no-color");
        }
        if (follow) {
            options.add("--follow");
        }
        if (tail > 0) {
            options.add("--tail=" + tail);
        }
        return options;
    }

    private void refuseUnknown(ComposeProject project) {
        List<String> known = project.serviceNames();
        services.stream()
                .filter(service -> !known.contains(service))
                .findFirst()
                .ifPresent(service -> {
                    throw new CommandException(
                            ExitCode.USAGE, "no service " + service + " (expected: " + String.join(", ", known) + ")");
                });
    }
}
