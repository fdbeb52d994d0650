package io.dray.bench.messaging;

import io.dray.bench.mesh.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The product's own way to start a sidecar: its script, run-time image and, when one was made, AOT cache. */
final class Launcher {
    private final Path home;

    private Launcher(Path home) {
        this.home = home;
    }

    static Launcher find() {
        return new Launcher(Path.of(System.getProperty("dray.home", "")));
    }

    /** Whether {@code mvn package -Paot} made a cache. */
    boolean hasAotCache() {
        try (Stream<Path> files = Files.list(home.resolve("aot"))) {
            return isProduct() && files.anyMatch(file -> file.toString().endsWith(".aot"));
        } catch (IOException _) {
            return false;
        }
    }

    /** Starts a sidecar of a mesh of its own; without the product (in tests) the plain main class. */
    ServerProgram startSidecar(Path folder, boolean aot) throws IOException {
        List<String> words = new ArrayList<>();
        for (String setting : List.of(
                "node=start",
                "data-dir=" + folder.resolve("data"),
                "agents.socket=" + folder.resolve("agents.sock"),
                "agents.listen=none",
                "peers.listen=127.0.0.1:0",
                "admin.listen=127.0.0.1:0",
                "router.endpoints=")) {
            words.addAll(List.of("--set", setting));
        }
        if (!isProduct()) {
            var child = Jvm.tethered("sidecar", "io.dray.sidecar.SidecarMain", words, folder);
            return new ServerProgram(child, child.pid());
        }
        words.addFirst("sidecar");
        words.addFirst(home.resolve("dray").toString());
        Map<String, String> environment = aot ? Map.of() : Map.of("DRAY_JAVA_OPTIONS", "-XX:AOTMode=off");
        return ServerProgram.start("sidecar", words, environment, folder);
    }

    private boolean isProduct() {
        return Files.isExecutable(home.resolve("dray")) && Files.isDirectory(home.resolve("lib"));
    }
}
