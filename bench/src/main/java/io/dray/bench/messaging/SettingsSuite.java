package io.dray.bench.messaging;

import io.dray.bench.load.Work;
import io.dray.bench.messaging.StepSuite.Step;
import io.dray.bench.report.Check;
import io.dray.bench.report.Contender;
import io.dray.bench.report.PairedRatios;
import io.dray.bench.report.Row;
import io.dray.bench.report.WindowRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What settings buy: of each some values beside the default, in turn, under the load for which it matters. Stateless.
 */
public final class SettingsSuite {
    /** As in reports. */
    public static final String NAME = "settings";

    private static final Contender LOCAL = new Contender("dray", "local", "uds");
    private static final Contender REMOTE = new Contender("dray", "remote", "uds");
    /** Loopback is never compressed unless it is asked for. */
    private static final Contender REMOTE_ZSTD = new Contender(Beds.SET + "compression.policy=always", "remote", "uds");

    private static final Work SMALL_FLOOD = Work.flood(100, 1);
    private static final Work FLOOD = Work.flood(1_024, 1);
    private static final Work TEXT_FLOOD = Work.flood(10 * 1_024, 1);
    private static final Work REQUESTS = Work.closed(100, 64);

    private SettingsSuite() {}

    /** Values of one setting, or of some that belong together, joined by {@code +}. */
    private record Setting(String name, Contender base, List<Work> works, List<String> values) {
        static Setting local(String name, List<Work> works, String... values) {
            return new Setting(name, LOCAL, works, List.of(values));
        }

        static Setting remote(String name, List<Work> works, String... values) {
            return new Setting(name, REMOTE, works, List.of(values));
        }

        Setting first() {
            return new Setting(name, base, works.subList(0, 1), values.subList(0, 1));
        }
    }

    /**
     * Returns all settings.
     *
     * @param quick whether one value of each, under one load, is enough
     * @return in the order measured
     */
    public static List<Step> steps(boolean quick) {
        return Stream.of(process(), memory(), frames(), links(), sdk())
                .flatMap(List::stream)
                .map(setting -> quick ? setting.first() : setting)
                .map(SettingsSuite::step)
                .toList();
    }

    private static List<Setting> process() {
        List<Work> both = List.of(SMALL_FLOOD, REQUESTS);
        return List.of(
                Setting.local(
                        "profile", List.of(FLOOD, REQUESTS), "profile=throughput", "profile=latency", "profile=memory"),
                Setting.local("loops", both, "loops=2", "loops=4"),
                Setting.local("transport", both, "transport=nio"),
                Setting.local("meters", both, "meters.hot-path=false"));
    }

    private static List<Setting> memory() {
        List<Work> flood = List.of(FLOOD);
        return List.of(
                Setting.local("mailbox", flood, "memory.mailbox=1MiB", "memory.mailbox=16MiB"),
                Setting.local("source", flood, "memory.source=2MiB", "memory.source=32MiB"),
                Setting.local("rings", List.of(FLOOD, SMALL_FLOOD), "memory.rings=0B"),
                Setting.local("frames", flood, "memory.frames=0B", "memory.frames=32MiB"),
                Setting.local("chunk", flood, "memory.chunk=512KiB", "memory.chunk=8MiB"));
    }

    private static List<Setting> frames() {
        return List.of(
                Setting.local("agents-window", List.of(FLOOD), "agents.window=64KiB", "agents.window=1MiB"),
                Setting.local(
                        "agents-batch-bytes", List.of(FLOOD), "agents.batch.bytes=64KiB", "agents.batch.bytes=256KiB"),
                Setting.local("agents-batch-envelopes", List.of(SMALL_FLOOD), "agents.batch.envelopes=128"));
    }

    private static List<Setting> links() {
        List<Work> flood = List.of(FLOOD);
        return List.of(
                Setting.remote("link", flood, "memory.link=1MiB", "memory.link=16MiB"),
                Setting.remote("peers-window", flood, "peers.window=256KiB", "peers.window=4MiB"),
                Setting.remote("peers-batch-bytes", flood, "peers.batch.bytes=64KiB", "peers.batch.bytes=256KiB"),
                Setting.remote("peers-batch-envelopes", List.of(SMALL_FLOOD), "peers.batch.envelopes=128"),
                Setting.remote("connections", flood, "peers.connections=2", "peers.connections=3"),
                new Setting(
                        "compression-threshold",
                        REMOTE_ZSTD,
                        List.of(REQUESTS),
                        List.of("compression.policy=always+compression.threshold=16KiB")),
                new Setting(
                        "compression-level",
                        REMOTE_ZSTD,
                        List.of(TEXT_FLOOD),
                        List.of(
                                "compression.policy=always+compression.level=3",
                                "compression.policy=always+compression.level=6")));
    }

    private static List<Setting> sdk() {
        return List.of(
                Setting.local("sdk-outbox", List.of(FLOOD), "DRAY_AGENT_OUTBOX=256KiB", "DRAY_AGENT_OUTBOX=4MiB"),
                Setting.local("sdk-frame", List.of(FLOOD), "DRAY_AGENT_FRAME=64KiB", "DRAY_AGENT_FRAME=256KiB"),
                Setting.local("sdk-envelopes", List.of(SMALL_FLOOD), "DRAY_AGENT_ENVELOPES=128"),
                Setting.local("sdk-window", List.of(FLOOD), "DRAY_AGENT_WINDOW=256KiB", "DRAY_AGENT_WINDOW=4MiB"));
    }

    private static Step step(Setting setting) {
        return new Step(
                setting.name(),
                String.join(", ", setting.values()),
                (folder, timing, told, settings) -> measure(setting, folder, timing, told, settings));
    }

    private static List<Row> measure(Setting setting, Path folder, Timing timing, Progress told, List<String> settings)
            throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        for (Work work : setting.works()) {
            String load = work.isOneWay() ? "flood" : "request-reply";
            String name = setting.name() + "-" + load;
            Scenario scenario = new Scenario(name, name, work, 1, contenders(setting));
            rows.addAll(compared(
                    new ScenarioRun(scenario, new Beds(settings), timing, folder.resolve(load), told, NAME).run()));
        }
        return rows;
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
            all.add(row.equals(rows.getFirst()) ? row : row.with(againstDefault(row, rows.getFirst())));
        }
        return all;
    }

    private static List<Check> againstDefault(Row row, Row byDefault) {
        PairedRatios throughput = new PairedRatios();
        PairedRatios cpu = new PairedRatios();
        List<WindowRow> with = row.windows();
        List<WindowRow> without = byDefault.windows();
        for (int i = 0; i < Math.min(with.size(), without.size()); i++) {
            throughput.add(
                    with.get(i).figures().throughputPerS(),
                    without.get(i).figures().throughputPerS());
            cpu.add(with.get(i).cost().cpuUsPerMessage(), without.get(i).cost().cpuUsPerMessage());
        }
        return List.of(
                throughput.shown("throughput, with / default, median of pairs"),
                cpu.shown("CPU per message, with / default, median of pairs"));
    }
}
