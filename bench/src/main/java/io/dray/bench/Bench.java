package io.dray.bench;

import io.dray.bench.micro.MicroCommand;
import io.dray.bench.profile.ProfileCommand;
import io.dray.bench.report.CompareCommand;
import io.dray.bench.report.TablesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Root of {@code ./dray bench}: measurements, and the crash harness. */
@Command(
        name = "bench",
        description = "Measures Dray beside other systems and kills it to count what is lost.",
        mixinStandardHelpOptions = true,
        subcommands = {
            RunCommand.class,
            QuickCommand.class,
            CrashCommand.class,
            CompareCommand.class,
            TablesCommand.class,
            MicroCommand.class,
            ProfileCommand.class
        })
public final class Bench {
    /**
     * Runs one benchmark and exits with its code.
     *
     * @param args the words after {@code dray bench}
     */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }
}
