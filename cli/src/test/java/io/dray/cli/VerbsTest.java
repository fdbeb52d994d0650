package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.cli.output.Console;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class VerbsTest {
    private static final Console CONSOLE = Console.ofThisProcess();

    @Test
    void eachVerbAloneIsTheOneOfTheWholeCommand() {
        Map<String, CommandLine> all = new HashMap<>(Dray.commandLine(CONSOLE).getSubcommands());

        assertThat(all).hasSizeGreaterThan(10);
        // It speaks of all others.
        all.remove("help");
        all.forEach((verb, whole) -> {
            Map<String, CommandLine> alone = Dray.commandLine(CONSOLE, verb).getSubcommands();
            assertThat(alone).containsOnlyKeys(verb);
            assertThat(alone.values())
                    .allSatisfy(one -> assertThat(one.getUsageMessage()).isEqualTo(whole.getUsageMessage()));
        });
    }

    @Test
    void noExampleIsWrapped() {
        assertThat(all(Dray.commandLine(CONSOLE)))
                .allSatisfy(command -> assertThat(command.getUsageMessage().lines())
                        .as(command.getCommandName())
                        .containsAll(examples(command)));
    }

    private static List<String> examples(CommandLine command) {
        return Arrays.stream(command.getCommandSpec().usageMessage().footer())
                .filter(line -> line.startsWith("  "))
                .toList();
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(VerbsTest::all));
    }

    @Test
    void whatIsNoVerbGetsTheWholeCommand() {
        int all = Dray.commandLine(CONSOLE).getSubcommands().size();

        assertThat(Dray.commandLine(CONSOLE, "help").getSubcommands()).hasSize(all);
        assertThat(Dray.commandLine(CONSOLE, "frobnicate").getSubcommands()).hasSize(all);
        assertThat(Dray.commandLine(CONSOLE, "--help").getSubcommands()).hasSize(all);
    }
}
