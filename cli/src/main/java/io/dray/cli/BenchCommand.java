package io.dray.cli;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.ExitCode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stands for {@code dray bench} in the list of commands: the launcher in the source tree starts it itself. */
@Command(
        name = "bench",
        description = "Measure this mesh, also against others (in a source tree).",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  ./dray bench quick", "  ./dray bench quick --against nats"})
final class BenchCommand implements Runnable {
    @Parameters(arity = "0..*", description = "Words for the bench.")
    private List<String> words = List.of();

    @Override
    public void run() {
        throw new CommandException(
                ExitCode.USAGE,
                "bench %s: the load generators are not part of the product; run ./dray bench in a source tree"
                        .formatted(String.join(" ", words)));
    }
}
