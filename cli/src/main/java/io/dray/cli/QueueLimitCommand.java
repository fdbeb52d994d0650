package io.dray.cli;

import io.dray.cli.door.Door;
import io.dray.cli.door.Pages;
import io.dray.cli.output.CommandException;
import io.dray.cli.output.Console;
import io.dray.cli.output.ExitCode;
import io.dray.cli.output.Json;
import io.dray.router.v1.AdminServiceGrpc.AdminServiceBlockingStub;
import io.dray.router.v1.Limit;
import io.dray.router.v1.SetLimitRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code dray queue limit}: changes what is given of the limit of one queue or capability. */
@Command(
        name = "limit",
        description = "Limit a queue or a capability from now on; what is not given stays as it is.%n"
                + "Attempts that run go on, and other queues are not held up.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  dray queue limit nightly --max-running 4",
            "  dray queue limit mail --rate 10 --burst 1 --strict",
            "  dray queue limit --capability translate --max-running 20",
            "  dray queue limit nightly --clear"
        })
final class QueueLimitCommand implements Runnable {
    private static final double MAX_RATE = 1_000_000;

    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "QUEUE",
            converter = MeshWord.Name.class,
            description = "Name of the queue.")
    private String queue = "";

    @Option(
            names = "--capability",
            paramLabel = "NAME",
            converter = MeshWord.Name.class,
            description = "Limit this capability, in all queues, instead of a queue.")
    private String capability = "";

    @Option(
            names = "--max-running",
            paramLabel = "N",
            converter = Count.class,
            description = "Attempts that workers may hold at once; 0 for no limit.")
    private @Nullable Integer maxRunning;

    @Option(
            names = "--rate",
            paramLabel = "N",
            converter = Rate.class,
            description = "Attempts that may start in a second, such as 0.5; 0 for no limit.")
    private @Nullable Double rate;

    @Option(
            names = "--burst",
            paramLabel = "N",
            converter = Count.class,
            description = "Starts that may come at once after a pause; 0 for one second's worth.")
    private @Nullable Integer burst;

    @Option(
            names = "--strict",
            negatable = true,
            description = "Refuse tasks for a capability that no known worker offers; or take them again.")
    private @Nullable Boolean strict;

    @Option(names = "--clear", description = "Remove the limit.")
    private boolean clear;

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    QueueLimitCommand(Console console) {
        this.console = console;
    }

    /** How many of something may be; none is allowed. */
    static final class Count implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            try {
                int count = Integer.parseInt(value);
                if (count >= 0) {
                    return count;
                }
            } catch (NumberFormatException _) {
                // Told below: a word that is no number is as wrong as one out of range.
            }
            throw new TypeConversionException(
                    "'" + value + "' is not a count (expected: 0 to " + Integer.MAX_VALUE + ")");
        }
    }

    /** How many may start in a second. */
    static final class Rate implements ITypeConverter<Double> {
        @Override
        public Double convert(String value) {
            try {
                double rate = Double.parseDouble(value);
                // NaN is neither.
                if (rate >= 0 && rate <= MAX_RATE) {
                    return rate;
                }
            } catch (NumberFormatException _) {
                // Told below.
            }
            throw new TypeConversionException("'" + value + "' is not a rate (expected: 0 to 1000000 per second)");
        }
    }

    @Override
    public void run() {
        checkWords();
        try (Door door = router.open()) {
            AdminServiceBlockingStub admin = door.admin(RouterOption.TIMEOUT);
            Limit.Builder limit = changed(clear ? named() : present(admin));
            Limit set = admin.setLimit(
                            SetLimitRequest.newBuilder().setLimit(limit).build())
                    .getLimit();
            if (json.wanted()) {
                Json.print(console.out(), LimitPrinter.json(set));
            } else {
                LimitPrinter.printTable(console.out(), List.of(set));
            }
        }
    }

    private void checkWords() {
        if (queue.isEmpty() == capability.isEmpty()) {
            throw usage(queue.isEmpty() ? "nothing is named" : "'" + queue + "' and --capability " + capability);
        }
        boolean changes = maxRunning != null || rate != null || burst != null || strict != null;
        if (changes == clear) {
            throw new CommandException(
                    ExitCode.USAGE,
                    (clear ? "--clear with what it would clear" : "no limit is given")
                            + " (expected: --max-running, --rate, --burst, --strict or --no-strict, or --clear alone)");
        }
        if (strict != null && queue.isEmpty()) {
            throw usage("--strict with --capability " + capability);
        }
    }

    private static CommandException usage(String value) {
        return new CommandException(
                ExitCode.USAGE, value + " (expected: a queue, or --capability NAME without --strict)");
    }

    private Limit named() {
        return Limit.newBuilder().setQueue(queue).setCapability(capability).build();
    }

    private Limit present(AdminServiceBlockingStub admin) {
        return Pages.limits(admin).stream()
                .filter(limit ->
                        limit.getQueue().equals(queue) && limit.getCapability().equals(capability))
                .findFirst()
                .orElseGet(this::named);
    }

    private Limit.Builder changed(Limit before) {
        Limit.Builder limit = before.toBuilder();
        if (maxRunning != null) {
            limit.setMaxRunning(maxRunning);
        }
        if (rate != null) {
            limit.setRatePerS(rate);
            // Without a rate there is no burst.
            limit.setBurst(rate == 0 ? 0 : limit.getBurst());
        }
        if (burst != null) {
            limit.setBurst(burst);
        }
        if (strict != null) {
            limit.setStrict(strict);
        }
        return limit;
    }
}
