package io.dray.cli;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Failures;
import io.dray.core.telemetry.Logging;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
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
            "  dray demo --keep       the same, its mesh stays up; then, after its export:",
            "  dray request indexer --type find \"sidecar window\"",
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
        OptionalInt served = PlainServers.run(args);
        if (served.isPresent()) {
            System.exit(served.getAsInt());
        }
        String verb = args.length == 0 ? "" : args[0];
        if (!SERVERS.contains(verb)) {
            Logging.setUp(Logging.Format.PLAIN, "warn");
        }
        System.exit(
                silentOnceStopped(commandLine(Console.ofThisProcess(), verb)).execute(args));
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
        return commandLine(console, "");
    }

    /** The command as far as these words need it: to describe all verbs takes longer than to run most of them. */
    static CommandLine commandLine(Console console, String verb) {
        Dray root = new Dray();
        CommandLine line = new CommandLine(root);
        Map<String, Supplier<Object>> verbs = verbs(console);
        Supplier<Object> only = verbs.get(verb);
        if (only == null) {
            verbs.values().forEach(each -> line.addSubcommand(each.get()));
            line.addSubcommand(new CommandLine.HelpCommand());
        } else {
            line.addSubcommand(only.get());
        }
        return line.setOut(new PrintWriter(console.out(), true, console.out().charset()))
                .setErr(new PrintWriter(console.err(), true, console.err().charset()))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, _) -> explainUsage(failure, console))
                .setExecutionStrategy(parsed -> execute(parsed, console))
                .setExecutionExceptionHandler((failure, _, _) -> explain(failure, console, root.debug));
    }

    private static Map<String, Supplier<Object>> verbs(Console console) {
        Map<String, Supplier<Object>> verbs = new LinkedHashMap<>();
        verbs.put("up", () -> new UpCommand(console));
        verbs.put("demo", () -> new DemoCommand(console));
        verbs.put("router", () -> new RouterCommand(console));
        verbs.put("sidecar", () -> new SidecarCommand(console));
        verbs.put("send", () -> new SendCommand(console));
        verbs.put("request", () -> new RequestCommand(console));
        verbs.put("publish", () -> new PublishCommand(console));
        verbs.put("subscribe", () -> new SubscribeCommand(console));
        verbs.put("status", () -> new StatusCommand(console));
        verbs.put("agents", () -> new AgentsCommand(console));
        verbs.put("nodes", () -> new NodesCommand(console));
        verbs.put("node", () -> NodeCommand.commandLine(console));
        verbs.put("top", () -> new TopCommand(console));
        verbs.put("task", () -> TaskCommand.commandLine(console));
        verbs.put("queue", () -> QueueCommand.commandLine(console));
        verbs.put("store", () -> StoreCommand.commandLine(console));
        verbs.put("cache", () -> CacheCommand.commandLine(console));
        verbs.put("config", () -> ConfigCommand.commandLine(console));
        verbs.put("compose", () -> ComposeCommand.commandLine(console));
        verbs.put("doctor", () -> new DoctorCommand(console));
        verbs.put("bench", BenchCommand::new);
        verbs.put("completion", () -> new CompletionCommand(console));
        verbs.put("version", () -> new VersionCommand(console));
        return verbs;
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

    /** Says in one line why a command failed, and returns its exit code. */
    static int explain(Exception failure, Console console, boolean debug) {
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
