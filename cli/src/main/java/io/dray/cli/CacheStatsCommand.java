package io.dray.cli;

import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.GetStatusResponse;
import io.dray.cli.door.Door;
import io.dray.cli.output.Console;
import io.dray.cli.output.Json;
import io.dray.cli.output.Table;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code dray cache stats}: what the reply cache of a sidecar did and holds. */
@Command(
        name = "stats",
        description = "Show what the reply cache of a sidecar answered, and what it holds.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  dray cache stats", "  dray cache stats --sidecar unix:/tmp/a.sock --json"})
final class CacheStatsCommand implements Runnable {
    private static final String METER = "dray_reply_cache_";

    private final Console console;

    @Mixin
    private final DoorOptions options = new DoorOptions();

    CacheStatsCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        try (Door door = options.open()) {
            print(door.status(options.timeout()).getStatus(GetStatusRequest.getDefaultInstance()));
        }
    }

    private void print(GetStatusResponse status) {
        Map<String, Double> meters = status.getMetersMap();
        Map<String, Long> figures = new LinkedHashMap<>();
        for (String total : new String[] {"hits", "misses", "coalesced", "stored", "evicted"}) {
            figures.put(total, figure(meters, total + "_total"));
        }
        figures.put("entries", figure(meters, "entries"));
        figures.put("bytes", figure(meters, "bytes"));
        if (options.isJsonWanted()) {
            var object = Json.object().put("node", status.getNode());
            figures.forEach(object::put);
            Json.print(console.out(), object);
            return;
        }
        Table table = new Table("NODE", "HITS", "MISSES", "COALESCED", "STORED", "EVICTED", "ENTRIES", "BYTES");
        Stream<String> cells = figures.values().stream().map(figure -> String.format(Locale.ROOT, "%,d", figure));
        table.row(Stream.concat(Stream.of(status.getNode()), cells).toArray());
        table.print(console.out());
    }

    private static long figure(Map<String, Double> meters, String name) {
        return meters.getOrDefault(METER + name, 0.0).longValue();
    }
}
