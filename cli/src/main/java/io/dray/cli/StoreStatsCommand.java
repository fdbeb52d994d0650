package io.dray.cli;

import com.google.protobuf.Timestamp;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import io.dray.router.v1.GetStoreStatsRequest;
import io.dray.router.v1.GetStoreStatsResponse;
import io.dray.router.v1.StorePart;
import java.time.Duration;
import java.util.Locale;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray store stats}: what is in the store of a router, and how large it is. */
@Command(
        name = "stats",
        description = "Show tasks by state, the size of files or tables, the oldest tasks and who owns the store.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray store stats", "  dray store stats --router 127.0.0.1:7400 --json"})
final class StoreStatsCommand implements Runnable {
    private final Console console;

    @Mixin
    private final RouterOption router = new RouterOption();

    @Mixin
    private final JsonOption json = new JsonOption();

    StoreStatsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Door door = router.open()) {
            GetStoreStatsResponse stats =
                    door.store(RouterOption.TIMEOUT).getStoreStats(GetStoreStatsRequest.getDefaultInstance());
            if (json.wanted()) {
                printJson(stats);
            } else {
                print(stats);
            }
        }
    }

    private void print(GetStoreStatsResponse stats) {
        line("store", stats.getKind() + " " + stats.getPlace() + ", schema " + stats.getSchema());
        line("owner", stats.getOwner() + ", epoch " + stats.getEpoch());
        line("size", kilobytes(stats.getBytes()) + ", " + kilobytes(stats.getFreeBytes()) + " of it free");
        line("kept", "finished tasks for " + words(retention(stats)));
        line(
                "oldest",
                "live " + time(stats.hasOldestLive(), stats.getOldestLive()) + ", finished "
                        + time(stats.hasOldestFinished(), stats.getOldestFinished()));
        if (!stats.getFull().isEmpty()) {
            line("full", "no new tasks are taken: " + stats.getFull());
        }
        console.out().println();
        Table tasks = new Table("STATE", "TASKS");
        new TreeMap<>(stats.getTasksMap()).forEach((state, count) -> tasks.row(state, number(count)));
        tasks.print(console.out());
        console.out().println();
        Table parts = new Table("PART", "SIZE", "ROWS");
        for (StorePart part : stats.getPartsList()) {
            parts.row(part.getName(), kilobytes(part.getBytes()), part.hasRows() ? number(part.getRows()) : "");
        }
        parts.print(console.out());
    }

    private void line(String name, String value) {
        console.out().printf(Locale.ROOT, "%-7s %s%n", name, Table.printable(value));
    }

    private static Duration retention(GetStoreStatsResponse stats) {
        return Duration.ofSeconds(
                stats.getRetention().getSeconds(), stats.getRetention().getNanos());
    }

    private static String words(Duration time) {
        if (time.equals(Duration.ofDays(time.toDays()))) {
            return time.toDays() + "d";
        }
        return time.equals(Duration.ofHours(time.toHours())) ? time.toHours() + "h" : time.toMillis() / 1_000.0 + "s";
    }

    private static String time(boolean known, Timestamp time) {
        return known ? Protos.instant(time).toString() : "none";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String kilobytes(long bytes) {
        return number((bytes + 1_023) / 1_024) + " KB";
    }

    private void printJson(GetStoreStatsResponse stats) {
        var node = Json.object()
                .put("kind", stats.getKind())
                .put("place", stats.getPlace())
                .put("schema", stats.getSchema())
                .put("owner", stats.getOwner())
                .put("epoch", stats.getEpoch())
                .put("bytes", stats.getBytes())
                .put("free_bytes", stats.getFreeBytes())
                .put("retention_s", retention(stats).toMillis() / 1_000.0)
                .put("full", stats.getFull());
        if (stats.hasOldestLive()) {
            node.put("oldest_live", Protos.instant(stats.getOldestLive()).toString());
        }
        if (stats.hasOldestFinished()) {
            node.put(
                    "oldest_finished", Protos.instant(stats.getOldestFinished()).toString());
        }
        var tasks = node.putObject("tasks");
        new TreeMap<>(stats.getTasksMap()).forEach(tasks::put);
        var parts = node.putArray("parts");
        for (StorePart part : stats.getPartsList()) {
            var each = parts.addObject().put("name", part.getName()).put("bytes", part.getBytes());
            if (part.hasRows()) {
                each.put("rows", part.getRows());
            }
        }
        Json.print(console.out(), node);
    }
}
