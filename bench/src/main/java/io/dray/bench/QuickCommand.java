package io.dray.bench;

import io.dray.bench.load.DrayServer;
import io.dray.bench.load.Load;
import io.dray.bench.load.NatsServer;
import io.dray.bench.load.Peer;
import io.dray.bench.load.QuickReport;
import io.dray.bench.load.Window;
import io.dray.bench.mesh.LocalMesh;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench quick}: request-reply and one-way messages over Dray and, on request, over NATS, in turn. */
@Command(
        name = "quick",
        description = "Request-reply (64 outstanding) and one-way messages of 100 B, each system in turn.",
        mixinStandardHelpOptions = true)
final class QuickCommand implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int UNREACHABLE = 3;
    private static final int WARM_UP_SECONDS = 8;
    private static final int WINDOWS = 3;

    @Option(names = "--against", description = "Another system to measure in turn: nats.")
    private @Nullable String against;

    @Option(names = "--virtual-threads", description = "Measure Dray with handlers on virtual threads too.")
    private boolean virtualThreads;

    @Option(names = "--seconds", description = "Length of one window (default: ${DEFAULT-VALUE}).")
    private int seconds = 5;

    @Option(names = "--warm-up", description = "Seconds of load before the first window of each kind and system.")
    private int warmUpSeconds = WARM_UP_SECONDS;

    @Option(names = "--json", description = "Where to write the figures as JSON.")
    private @Nullable Path json;

    @Option(names = "--require-ratio", description = "Exit 1 when Dray's request-reply rate is below this share.")
    private double requiredRatio;

    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException {
        Optional<Path> nats = NatsServer.installed();
        if (against != null && !against.equals("nats")) {
            out.println("--against: " + against + " (expected: nats)");
            return 2;
        }
        if (against != null && nats.isEmpty()) {
            out.println("nats-server is not installed; install it with: apt-get install nats-server");
            return UNREACHABLE;
        }
        Path folder = Files.createTempDirectory("dray-bench-");
        List<Peer> peers = new ArrayList<>();
        int code;
        try {
            peers.add(DrayServer.start(false, Files.createDirectories(folder.resolve("inline"))));
            if (virtualThreads) {
                peers.add(DrayServer.start(true, Files.createDirectories(folder.resolve("virtual"))));
            }
            if (against != null) {
                peers.add(NatsServer.start(nats.orElseThrow(), folder));
            }
            code = measure(peers);
        } finally {
            peers.forEach(Peer::close);
        }
        LocalMesh.deleteFolder(folder);
        return code;
    }

    private int measure(List<Peer> peers) throws IOException {
        QuickReport report = new QuickReport();
        for (Load load : Load.values()) {
            peers.forEach(peer -> peer.measure(load, warmUpSeconds));
            for (int i = 0; i < WINDOWS; i++) {
                for (Peer peer : peers) {
                    Window window = peer.measure(load, seconds);
                    report.add(load, peer.name(), window);
                }
            }
        }
        report.print(out);
        if (json != null) {
            report.write(json);
        }
        boolean slow = requiredRatio > 0 && report.ratio(Load.REQUEST_REPLY, "dray", "nats") < requiredRatio;
        return report.failures() > 0 || slow ? FAILED : 0;
    }
}
