package io.dray.cli;

import io.dray.cli.demo.Demo;
import io.dray.cli.demo.ReportFile;
import io.dray.cli.output.Console;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray demo}: the digest demo. */
@Command(
        name = "demo",
        description = {
            "Digest the text files of a folder by a router, three sidecars and agents beside them, and compare"
                    + " what they did with a plain walk: exit 0 only if every file was digested exactly once.",
            "Text files are regular files in UTF-8 without a zero byte; folders called .git, target and"
                    + " node_modules and symbolic links are left out."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray demo",
            "  dray demo ~/notes --json report.json",
            "  dray demo --html page.html   what was found, and which node did what when",
            "  dray demo --chaos            kill a sidecar and the router on the way",
            "  dray demo --keep             the mesh stays up, and the next demo asks it",
            "  dray demo --fresh            start a mesh although one was kept"
        })
final class DemoCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FOLDER", description = "Default: this repository.")
    private String folder = "";

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
    private String json = "";

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description =
                    "Write what was found as one page for a browser: overview, terms, near-duplicates, a search box,"
                            + " which node did what when.")
    private String html = "";

    @Option(names = "--keep", description = "Leave the mesh up and say how to ask it. The next demo takes it.")
    private boolean keep;

    @Option(
            names = "--chaos",
            description = "Kill one sidecar and then the router by SIGKILL in the middle of the work.")
    private boolean chaos;

    @Option(names = "--fresh", description = "Start a mesh although another demo left one up.")
    private boolean fresh;

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<ReportFile> report = file("--json", json);
        Optional<ReportFile> page = file("--html", html);
        page.ifPresent(html -> report.ifPresent(html::requireOther));
        Path source = folder.isEmpty() ? repository() : Path.of(folder);
        return Demo.run(new Demo.Options(source, report, page, keep, chaos, fresh), console)
                .number();
    }

    /** Tried now: better before a minute of work than after it. */
    private static Optional<ReportFile> file(String option, String name) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        ReportFile file = new ReportFile(option, Path.of(name).toAbsolutePath().normalize());
        file.require();
        return Optional.of(file);
    }

    /** The source tree that the launcher runs from; an installed command takes the folder it is called in. */
    private static Path repository() {
        Path home = Path.of(System.getProperty("dray.home", "")).toAbsolutePath();
        boolean isSourceTree = home.endsWith(Path.of("cli", "target", "dray"));
        return isSourceTree ? home.resolve("../../..").normalize() : Path.of("");
    }
}
