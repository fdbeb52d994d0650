package io.dray.bench;

import io.dray.bench.micro.MicroCommand;
import io.dray.bench.profile.ProfileCommand;
import io.dray.bench.report.CompareCommand;
import io.dray.bench.report.TablesCommand;
import io.dray.bench.simulation.SimulateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** Root of {@code ./dray bench}: measurements, and the crash harness. */
@Command(
        name = "./dray bench",
        description = "Measures Dray beside other systems and kills it to count what is lost.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            QuickCommand.class,
            CrashCommand.class,
            SimulateCommand.class,
            CompareCommand.class,
            TablesCommand.class,
            MicroCommand.class,
            ProfileCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  ./dray bench quick",
            "  ./dray bench quick --against nats",
            "  ./dray bench run --list",
            "  ./dray bench crash --seconds 60",
            "",
            "Each command explains itself: ./dray bench COMMAND --help"
        })
public final class Bench {
    private static final int WRONG_WORDS = 2;

    /**
     * Runs one benchmark and exits with its code.
     *
     * @param args the words after {@code dray bench}
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command; tests run it without ending the process. */
    static CommandLine commandLine() {
        return new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Bench::explainUsage);
    }

    /** One line, as {@code dray} says it: what is wrong must not scroll away above the help. */
    private static int explainUsage(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        String line = String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", "; ");
        command.getErr()
                .println("dray bench: " + line + " (see: "
                        + command.getCommandSpec().qualifiedName() + " --help)");
        return WRONG_WORDS;
    }
}
