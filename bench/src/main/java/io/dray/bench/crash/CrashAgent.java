package io.dray.bench.crash;

import io.dray.agent.AgentSpec;
import io.dray.agent.Mesh;
import io.dray.agent.MeshConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** What the child processes of the harness share: where they attach, their ledger, and how they are stopped. */
final class CrashAgent {
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private CrashAgent() {}

    static Mesh connect(String sidecar, AgentSpec spec) {
        return Mesh.connect(spec, MeshConfig.defaults().withSidecar(sidecar).withConnectTimeout(CONNECT));
    }

    static Ledger ledger(String folder, String name) throws IOException {
        return Ledger.open(Path.of(folder, name + "-" + ProcessHandle.current().pid() + ".ledger"));
    }

    /** Says that the agent is ready and waits for one command, or for the end of the parent. */
    static boolean serveUntilTold() throws IOException {
        System.out.println("READY {}");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        return commands.readLine() != null;
    }

    /** Ends the process without waiting for anything. */
    static void halt() {
        Runtime.getRuntime().halt(0);
    }
}
