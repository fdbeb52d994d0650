package io.dray.bench.profile;

import io.dray.bench.messaging.MessagingSuite;
import io.dray.bench.messaging.Timing;
import io.dray.bench.report.Contender;
import io.dray.bench.report.MarkedPart;
import io.dray.bench.report.OutputFile;
import io.dray.bench.report.SourceTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bench profile}: where the CPU of one scenario goes, process by process. */
@Command(
        name = "profile",
        description = {
            "Measures one scenario of the messaging suite while all its processes are sampled by async-profiler, and says"
                    + " where their CPU goes: a table, and a page with a flame graph of each process."
        },
        footer = {
            "",
            "Exit code: 0 profiled; 1 it could not be measured, or --check found that the table differs; 2 wrong words.",
            "",
            "Examples:",
            "  ./dray bench profile flood-1kb --html flood-1kb.html",
            "  ./dray bench profile one-way-1k --path remote --seconds 20 --collapsed stacks",
            "  ./dray bench profile --all                  all goals, and bench/PROFILES.md",
            "  ./dray bench profile --table --check        measures nothing"
        },
        mixinStandardHelpOptions = true)
public final class ProfileCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int WRONG = 2;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "One of ./dray bench run --list under load.")
    private @Nullable String scenario;

    @Option(names = "--system", description = "Such as dray-virtual (default: ${DEFAULT-VALUE}).")
    private String system = "dray";

    @Option(names = "--path", description = "local (one sidecar) or remote (two); default: what the scenario has.")
    private @Nullable String path;

    @Option(names = "--transport", description = "uds or tcp (default: ${DEFAULT-VALUE}).")
    private String transport = "uds";

    @Option(names = "--seconds", description = "How long to sample (default: ${DEFAULT-VALUE}).")
    private double seconds = 10;

    @Option(
            names = "--warm-up",
            description = "Seconds of load before, twice that for floods (default: ${DEFAULT-VALUE}).")
    private double warmUpSeconds = 8;

    @Option(names = "--html", paramLabel = "FILE", description = "Where to write the page.")
    private @Nullable Path html;

    @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures.")
    private @Nullable Path json;

    @Option(
            names = "--collapsed",
            paramLabel = "FOLDER",
            description = "Where to write all stacks, ROLE.collapsed.gz, for other tools.")
    private @Nullable Path collapsed;

    @Option(names = "--all", description = "Profile the scenario of each goal, about 8 min, and write the table.")
    private boolean all;

    @Option(
            names = "--into",
            paramLabel = "FOLDER",
            description = "Where --all writes (default: bench/results/profiles).")
    private Path into = SourceTree.root().resolve("bench/results/profiles");

    @Option(names = "--table", description = "Write the table from the profiles in the folder of --into.")
    private boolean table;

    @Option(names = "--check", description = "With --table: write nothing, exit 1 when the file differs.")
    private boolean check;

    @Option(names = "--page", paramLabel = "FILE", description = "What the table is in (default: bench/PROFILES.md).")
    private Path page = SourceTree.root().resolve("bench/PROFILES.md");

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((scenario != null ? 1 : 0) + (all ? 1 : 0) + (table ? 1 : 0) != 1) {
            throw wrong("words: " + spec.commandLine().getParseResult().originalArgs()
                    + " (expected: a SCENARIO, --all or --table)");
        }
        if (check && !table) {
            throw wrong("--check: without --table (expected: --table --check)");
        }
        if (scenario != null) {
            tryFile("--json", json);
            tryFile("--html", html);
            return one(scenario);
        }
        int code = all ? goals() : 0;
        return code == 0 ? fill() : code;
    }

    private int one(String name) throws IOException, InterruptedException {
        Contender contender = contender(name);
        Optional<ProfileRun.Recorded> recorded = new ProfileRun(name, contender, timing()).run(command(), System.err);
        if (recorded.isEmpty()) {
            return FAILED;
        }
        Profile profile = recorded.get().profile();
        PurposeTable.print(profile, System.out);
        if (json != null) {
            Profiles.write(profile, json);
        }
        if (html != null) {
            Files.writeString(html, recorded.get().page());
        }
        if (collapsed != null) {
            Files.createDirectories(collapsed);
            for (var entry : recorded.get().recordings().entrySet()) {
                entry.getValue().stacks().write(collapsed.resolve(entry.getKey() + ".collapsed.gz"));
            }
        }
        return 0;
    }

    /** What cannot be written is told before minutes are spent on it. */
    private void tryFile(String option, @Nullable Path file) {
        if (file != null) {
            new OutputFile(option, file).problem().ifPresent(line -> {
                throw wrong(line);
            });
        }
    }

    private int goals() throws IOException, InterruptedException {
        Files.createDirectories(into);
        for (Goal goal : Goal.all()) {
            Optional<ProfileRun.Recorded> recorded =
                    new ProfileRun(goal.scenario(), goal.contender(), timing()).run(command(), System.err);
            if (recorded.isEmpty()) {
                return FAILED;
            }
            Profiles.write(recorded.get().profile(), into.resolve(goal.name() + ".json"));
            Files.writeString(
                    into.resolve(goal.name() + ".html"), recorded.get().page());
        }
        return 0;
    }

    private int fill() throws IOException {
        String text;
        String made;
        try {
            text = Files.readString(page);
            Map<String, Profile> profiles = new LinkedHashMap<>();
            Profiles.readAll(into)
                    .forEach((file, profile) ->
                            profiles.put(file.getFileName().toString().replace(".json", ""), profile));
            Path home = page.toAbsolutePath().getParent();
            String folder = home == null
                    ? into.toString()
                    : home.relativize(into.toAbsolutePath()).toString();
            made = MarkedPart.of("profile --table").in(text).with(GoalTable.of(profiles, folder));
        } catch (IOException | IllegalArgumentException e) {
            spec.commandLine().getErr().println("--table: " + page + " from " + into + ": " + e.getMessage());
            return WRONG;
        }
        PrintWriter out = spec.commandLine().getOut();
        boolean same = made.equals(text);
        if (!same && !check) {
            Files.writeString(page, made);
        }
        out.println(page + (same ? " is as " : check ? " differs from " : " written from ") + "the profiles in " + into
                + (same || !check ? "." : "; run: ./dray bench profile --table"));
        out.flush();
        return same || !check ? 0 : FAILED;
    }

    private Contender contender(String name) {
        if (!loaded().contains(name)) {
            throw wrong("SCENARIO: " + name + " (expected: " + String.join(", ", loaded()) + ")");
        }
        List<Contender> known = MessagingSuite.contenders(name).stream()
                .filter(contender -> contender.system().startsWith("dray"))
                .toList();
        return known.stream()
                .filter(contender -> contender.system().equals(system)
                        && contender.transport().equals(transport)
                        && (path == null || contender.path().equals(path)))
                .findFirst()
                .orElseThrow(() -> wrong("--system, --path, --transport: " + system + " "
                        + (path == null ? "" : path + " ") + transport + " under " + name + " (expected: "
                        + known.stream()
                                .map(contender ->
                                        contender.system() + " " + contender.path() + " " + contender.transport())
                                .collect(Collectors.joining(", "))
                        + ")"));
    }

    private static List<String> loaded() {
        return MessagingSuite.list().keySet().stream()
                .filter(name -> !MessagingSuite.contenders(name).isEmpty())
                .toList();
    }

    private Timing timing() {
        try {
            return new Timing(warmUpSeconds, seconds, 1);
        } catch (IllegalArgumentException e) {
            throw wrong("--seconds, --warm-up: " + e.getMessage());
        }
    }

    /** The words as they were given; picocli has those of the whole command line. */
    private String command() {
        List<String> words = spec.commandLine().getParseResult().originalArgs();
        return "./dray bench " + (words.contains(spec.name()) ? "" : spec.name() + " ") + String.join(" ", words);
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
