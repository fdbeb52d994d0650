package io.dray.cli;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.core.telemetry.Logging;
import java.io.PrintWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code dray} command: names its verbs and turns their failures into exit codes. Runs on the main thread. */
@Command(
        name = "dray",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Text.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "A mesh for software agents: one sidecar on each host, one router for tasks.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray demo              a router, three sidecars and agents digest this folder",
            "  dray up --nodes 2      a mesh on this machine, until Ctrl-C",
            "  dray request agent:indexer --type find \"sidecar window\"",
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 unreachable, 4 refused, 5 timed out,",
            "130 interrupted. Each command explains itself: dray COMMAND --help"
        })
public final class Dray implements Callable<Integer> {
    /** These set up their own logs. */
    private static final Set<String> SERVERS = Set.of("router", "sidecar");

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where a failure comes from.")
    private boolean debug;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private Dray() {}

    /**
     * Runs one command and ends the process with its exit code.
     *
     * @param args the words after {@code dray}
     */
    public static void main(String[] args) {
        if (args.length == 0 || !SERVERS.contains(args[0])) {
            Logging.setUp(Logging.Format.PLAIN, "warn");
        }
        System.exit(silentOnceStopped(commandLine(Console.ofThisProcess())).execute(args));
    }

    /** While the process is being stopped everything fails, and nobody wants to read of it. */
    private static CommandLine silentOnceStopped(CommandLine line) {
        AtomicBoolean isStopped = new AtomicBoolean();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> isStopped.set(true), "silence"));
        IExecutionExceptionHandler explain = line.getExecutionExceptionHandler();
        return line.setExecutionExceptionHandler((failure, command, parsed) -> isStopped.get()
                ? ExitCode.INTERRUPTED.number()
                : explain.handleExecutionException(failure, command, parsed));
    }

    /** The whole command; tests run it without ending the process. */
    static CommandLine commandLine(Console console) {
        Dray root = new Dray();
        CommandLine line = new CommandLine(root)
                .addSubcommand(new UpCommand(console))
                .addSubcommand(new DemoCommand(console))
                .addSubcommand(new RouterCommand(console))
                .addSubcommand(new SidecarCommand(console))
                .addSubcommand(new SendCommand(console))
                .addSubcommand(new RequestCommand(console))
                .addSubcommand(new PublishCommand(console))
                .addSubcommand(new SubscribeCommand(console))
                .addSubcommand(new AgentsCommand(console))
                .addSubcommand(new NodesCommand(console))
                .addSubcommand(TaskCommand.commandLine(console))
                .addSubcommand(ConfigCommand.commandLine(console))
                .addSubcommand(new BenchCommand())
                .addSubcommand(new VersionCommand(console))
                .addSubcommand(new CommandLine.HelpCommand());
        return line.setOut(new PrintWriter(console.out(), true, console.out().charset()))
                .setErr(new PrintWriter(console.err(), true, console.err().charset()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, _) -> explainUsage(failure, console))
                .setExecutionStrategy(parsed -> execute(parsed, console))
                .setExecutionExceptionHandler((failure, _, _) -> explain(failure, console, root.debug));
    }

    /** A command whose output is lost was not done, whatever it says itself. */
    private static int execute(ParseResult parsed, Console console) {
        int code = new RunLast().execute(parsed);
        if (code == ExitCode.DONE.number()) {
            try {
                console.checkWritten();
            } catch (CommandException e) {
                throw new ExecutionException(parsed.commandSpec().commandLine(), e.getMessage(), e);
            }
        }
        return code;
    }

    @Override
    public Integer call() {
        CommandLine line = spec.commandLine();
        line.usage(line.getErr());
        return ExitCode.USAGE.number();
    }

    private static int explain(Exception failure, Console console, boolean debug) {
        String line = Failures.line(failure);
        if (!line.isEmpty()) {
            console.err().println("dray: " + line);
        }
        if (debug) {
            failure.printStackTrace(console.err());
        }
        return Failures.code(failure).number();
    }

    private static int explainUsage(ParameterException failure, Console console) {
        String name = failure.getCommandLine().getCommandSpec().qualifiedName();
        StringBuilder line = new StringBuilder("dray: ")
                .append(String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", "; "));
        if (failure instanceof UnmatchedArgumentException unmatched) {
            line.append(nearest(unmatched));
        }
        console.err().println(line.append(" (see: ").append(name).append(" --help)"));
        return ExitCode.USAGE.number();
    }

    private static String nearest(UnmatchedArgumentException failure) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        Set<String> known = new TreeSet<>(command.subcommands().keySet());
        known.addAll(command.optionsMap().keySet());
        String word = failure.getUnmatched().getFirst().replaceFirst("=.*", "");
        known.removeIf(candidate -> candidate.startsWith("-") != word.startsWith("-"));
        return Nearest.of(word, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("");
    }
}
