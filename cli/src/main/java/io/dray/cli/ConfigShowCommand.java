package io.dray.cli;

import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.core.config.ConfigException;
import io.dray.core.config.Setting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code dray config show}: every value that would be in force, and where it comes from. */
@Command(
        name = "show",
        description = "Print every value that a server would have here, and where each comes from.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray config show                              a sidecar's defaults here,",
            "                                                with its DRAY_SIDECAR_... set",
            "  dray config show sidecar.yaml --set loops=4   as `dray sidecar` with --config",
            "                                                and --set would have it",
            "  dray config show --role router --changed --json",
            "  dray config show --set profile=latency --explain",
            "",
            "What comes later wins: default, tier (by the host's cores), profile, file, variable, --set."
        })
final class ConfigShowCommand implements Runnable {
    private final Console console;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "Configuration in YAML.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            description = "sidecar or router (default: the one whose keys the file has, else sidecar).")
    private Optional<ConfigRole> role = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One configuration value; wins over all others.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(names = "--changed", description = "Only what somebody has set.")
    private boolean changed;

    @Option(names = "--explain", description = "Beside what profile and tier chose, the figures that justify it.")
    private boolean explain;

    @Mixin
    private final JsonOption json = new JsonOption();

    ConfigShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        ConfigRole wanted = role.orElseGet(this::nearest);
        List<Setting> shown = settings(wanted).stream()
                .filter(each -> !changed || each.isSet())
                .toList();
        if (json.wanted()) {
            printJson(wanted, shown);
        } else if (shown.isEmpty()) {
            console.out()
                    .println("nothing is set: a " + wanted.word() + " has all its defaults here (without --changed"
                            + " they are shown)");
        } else {
            Table table = explain ? new Table("KEY", "VALUE", "FROM", "WHY") : new Table("KEY", "VALUE", "FROM");
            shown.forEach(each -> table.row(cells(each)));
            table.print(console.out());
        }
    }

    private Object[] cells(Setting each) {
        String value = each.value().isEmpty() ? "-" : each.value();
        return explain
                ? new Object[] {each.key(), value, each.origin(), each.reason()}
                : new Object[] {each.key(), value, each.origin()};
    }

    private ConfigRole nearest() {
        return file.map(present -> ConfigRole.nearest(present).role()).orElse(ConfigRole.SIDECAR);
    }

    private List<Setting> settings(ConfigRole wanted) {
        try {
            return wanted.show(file.orElse(null), settings);
        } catch (ConfigException e) {
            throw new CommandException(ExitCode.USAGE, String.join("; ", e.problems()), e);
        }
    }

    private void printJson(ConfigRole wanted, List<Setting> shown) {
        var node = Json.object().put("role", wanted.word());
        var array = node.putArray("settings");
        for (Setting each : shown) {
            var setting = array.addObject()
                    .put("key", each.key())
                    .put("value", each.value())
                    .put("from", each.origin());
            if (explain && each.isPreset()) {
                setting.put("why", each.reason());
            }
        }
        Json.print(console.out(), node);
    }
}
