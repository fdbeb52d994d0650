package io.dray.bench.messaging;

import io.dray.bench.load.Work;
import io.dray.bench.report.Check;
import io.dray.bench.report.Contender;
import io.dray.bench.report.PairedRatios;
import io.dray.bench.report.Row;
import io.dray.bench.report.WindowRow;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What settings of a sidecar buy: for each some values beside the default, in turn in one run. Used by one thread.
 *
 * @param names of settings; empty means all
 * @param timing how long each is measured
 * @param settings of all sidecars
 */
public record SettingsSuite(Set<String> names, Timing timing, List<String> settings) implements Suite {
    /** As in reports. */
    public static final String NAME = "settings";

    private static final Contender LOCAL = new Contender("dray", "local", "uds");
    private static final Contender REMOTE = new Contender("dray", "remote", "uds");
    private static final Work FLOOD = Work.flood(1_024, 1);
    private static final Work SMALL_FLOOD = Work.flood(100, 1);
    private static final Work REQUESTS = Work.closed(100, 64);

    /** Copies the collections. */
    public SettingsSuite {
        names = Set.copyOf(names);
        settings = List.copyOf(settings);
    }

    /** Values of one setting; {@code +} joins what belongs together. */
    private record Setting(Contender base, List<Work> works, List<String> values) {}

    /**
     * Returns all settings.
     *
     * @return the values that are measured, by name
     */
    public static Map<String, String> list() {
        Map<String, String> list = new LinkedHashMap<>();
        all().forEach((name, setting) -> list.put(name, String.join(", ", setting.values())));
        return list;
    }

    @Override
    public Outcome run(Path folder, PrintStream progress) throws IOException, InterruptedException {
        Progress told = new Progress(progress);
        List<Row> rows = new ArrayList<>();
        int number = 0;
        int of = names.isEmpty() ? all().size() : names.size();
        for (var entry : all().entrySet()) {
            if (!names.isEmpty() && !names.contains(entry.getKey())) {
                continue;
            }
            number++;
            for (Work work : entry.getValue().works()) {
                String name = entry.getKey() + (work.isOneWay() ? "-flood" : "-request-reply");
                told.begin(name, String.join(", ", entry.getValue().values()), number, of);
                Scenario scenario = new Scenario(name, name, work, 1, contenders(entry.getValue()));
                List<Row> measured =
                        new ScenarioRun(scenario, new Beds(settings), timing, folder.resolve(name), told, NAME).run();
                rows.addAll(compared(measured));
            }
        }
        return new Outcome(rows, told.failures());
    }

    private static Map<String, Setting> all() {
        Map<String, Setting> all = new LinkedHashMap<>();
        all.put("loops", new Setting(LOCAL, List.of(SMALL_FLOOD, REQUESTS), List.of("loops=2", "loops=4")));
        all.put("transport", new Setting(LOCAL, List.of(SMALL_FLOOD, REQUESTS), List.of("transport=nio")));
        all.put("meters", new Setting(LOCAL, List.of(SMALL_FLOOD, REQUESTS), List.of("meters.hot-path=false")));
        all.put("mailbox", new Setting(LOCAL, List.of(FLOOD), List.of("memory.mailbox=1MiB", "memory.mailbox=16MiB")));
        all.put("source", new Setting(LOCAL, List.of(FLOOD), List.of("memory.source=2MiB", "memory.source=32MiB")));
        all.put("link", new Setting(REMOTE, List.of(FLOOD), List.of("memory.link=1MiB", "memory.link=16MiB")));
        all.put(
                "compression",
                new Setting(
                        REMOTE,
                        List.of(FLOOD),
                        List.of(
                                "compression.policy=always+compression.threshold=1KiB",
                                "compression.policy=always+compression.threshold=16KiB")));
        return all;
    }

    private static List<Contender> contenders(Setting setting) {
        List<Contender> contenders = new ArrayList<>(List.of(setting.base()));
        setting.values()
                .forEach(value -> contenders.add(new Contender(
                        Beds.SET + value, setting.base().path(), setting.base().transport())));
        return contenders;
    }

    private static List<Row> compared(List<Row> rows) {
        List<Row> all = new ArrayList<>();
        for (Row row : rows) {
            all.add(row.equals(rows.getFirst()) ? row : row.with(List.of(againstDefault(row, rows.getFirst()))));
        }
        return all;
    }

    private static Check againstDefault(Row row, Row byDefault) {
        PairedRatios ratios = new PairedRatios();
        List<WindowRow> with = row.windows();
        List<WindowRow> without = byDefault.windows();
        for (int i = 0; i < Math.min(with.size(), without.size()); i++) {
            ratios.add(
                    with.get(i).figures().throughputPerS(),
                    without.get(i).figures().throughputPerS());
        }
        return ratios.shown("throughput, with / default, median of pairs");
    }
}
