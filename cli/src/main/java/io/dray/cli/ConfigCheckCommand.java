package io.dray.cli;

import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray config check}: reads a file as a server would, with the environment, and says all that is wrong. */
@Command(
        name = "check",
        description = "Say all that is wrong with a configuration file; ends with 2 if anything is.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray config check sidecar.yaml",
            "  dray config check router.yaml --json",
            "",
            "DRAY_SIDECAR_... and DRAY_ROUTER_... variables count, as they do for the server."
        })
final class ConfigCheckCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "FILE", description = "Configuration in YAML.")
    private Path file = Path.of("");

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "sidecar or router (default: the one whose keys the file has).")
    private Optional<ConfigRole> role = Optional.empty();

    @Mixin
    private final JsonOption json = new JsonOption();

    ConfigCheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ConfigRole.Verdict verdict = role.map(wanted -> wanted.check(file)).orElseGet(() -> ConfigRole.nearest(file));
        List<String> problems = verdict.problems();
        String word = verdict.role().word();
        if (json.wanted()) {
            var node =
                    Json.object().put("file", file.toString()).put("role", word).put("valid", problems.isEmpty());
            problems.forEach(node.putArray("problems")::add);
            Json.print(console.out(), node);
        } else if (problems.isEmpty()) {
            console.out().println(file + ": valid for a " + word);
        } else {
            console.err().println("dray: " + file + " cannot be used by a " + word + ":");
            problems.forEach(problem -> console.err().println("  " + problem));
        }
        return (problems.isEmpty() ? ExitCode.DONE : ExitCode.USAGE).number();
    }
}
