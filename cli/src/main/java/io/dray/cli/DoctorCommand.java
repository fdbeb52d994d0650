package io.dray.cli;

import io.dray.cli.doctor.Doctor;
import io.dray.cli.doctor.Finding;
import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.cli.output.Tone;
import io.dray.router.v1.GetStatusRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dray doctor}: what of this machine keeps Dray from running well, each with its fix. */
@Command(
        name = "doctor",
        description =
                "Look at this machine and, if a router answers, at the owner of its pool and the clocks of its nodes;"
                        + " each finding has its fix. Ends with 1 when Dray cannot run here.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray doctor",
            "  dray doctor --data-dir /var/lib/dray",
            "  dray doctor --router 10.0.0.1:7400 --json",
            "",
            "It changes nothing: 33 writes of 4 KiB in the data folder tell its speed, and are removed."
        })
final class DoctorCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Console console;

    @Option(
            names = "--data-dir",
            paramLabel = "FOLDER",
            description = "Where the router is to keep its tasks (default: ~/.local/share/dray).")
    private Path dataDir = Path.of(System.getProperty("user.home", "."), ".local", "share", "dray");

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    DoctorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>(Doctor.machine(System.getenv(), dataDir));
        findings.addAll(mesh());
        if (json.wanted()) {
            printJson(findings);
        } else {
            print(findings);
        }
        return (has(findings, Finding.Level.PROBLEM) ? ExitCode.FAILED : ExitCode.DONE).number();
    }

    /** The router and the nodes of the mesh; nothing when no router answers, unless one was named. */
    private List<Finding> mesh() {
        List<Finding> findings = new ArrayList<>();
        try (Door door = router.open()) {
            findings.addAll(Doctor.router(door.admin(PATIENCE).getStatus(GetStatusRequest.getDefaultInstance())));
            findings.addAll(Doctor.mesh(Pages.nodes(door.admin(PATIENCE))));
        } catch (StatusRuntimeException e) {
            if (findings.isEmpty() && router.isNamed()) {
                throw e;
            }
        }
        return findings;
    }

    private void print(List<Finding> findings) {
        Table table = new Table("", "CHECK", "SEEN");
        findings.forEach(finding -> table.row(finding.level().word(), finding.check(), finding.seen())
                .painted(word -> console.coloured(tone(finding.level()), word)));
        table.print(console.out());
        List<Finding> fixes =
                findings.stream().filter(finding -> !finding.fix().isEmpty()).toList();
        if (!fixes.isEmpty()) {
            console.out().println();
            Table todo = new Table("CHECK", "WHAT TO DO");
            fixes.forEach(finding -> todo.row(finding.check(), finding.fix()));
            todo.print(console.out());
        }
        console.out().println();
        console.out().println(verdict(findings));
    }

    private static Tone tone(Finding.Level level) {
        return switch (level) {
            case OK -> Tone.GOOD;
            case NOTE -> Tone.NOTE;
            case WARNING -> Tone.WARNING;
            case PROBLEM -> Tone.BAD;
        };
    }

    private static String verdict(List<Finding> findings) {
        if (has(findings, Finding.Level.PROBLEM)) {
            return "Dray cannot run here before each problem is solved.";
        }
        return has(findings, Finding.Level.WARNING)
                ? "Dray runs here; the warnings cost speed or room."
                : "Dray runs well here.";
    }

    private void printJson(List<Finding> findings) {
        var array = Json.array();
        findings.forEach(finding -> array.addObject()
                .put("check", finding.check())
                .put("level", finding.level().word())
                .put("seen", finding.seen())
                .put("fix", finding.fix()));
        Json.print(console.out(), array);
    }

    private static boolean has(List<Finding> findings, Finding.Level level) {
        return findings.stream().anyMatch(finding -> finding.level() == level);
    }
}
