package io.dray.bench.load;

import io.dray.bench.mesh.LocalMesh;
import java.io.IOException;
import java.nio.file.Path;

/** One sidecar without a router, with the agents of a load at its Unix socket. */
public final class DrayServer {
    private static final String NODE = "bench";

    private DrayServer() {}

    /**
     * Starts the sidecar and the agents of its load.
     *
     * @param virtualThreads whether handlers run on virtual threads instead of inline on the event loop
     * @param folder an existing folder for socket and logs
     * @return the system, ready for load
     * @throws IOException when a process cannot be started
     */
    public static Peer start(boolean virtualThreads, Path folder) throws IOException {
        String system = virtualThreads ? "dray-virtual" : "dray";
        LocalMesh mesh = new LocalMesh(folder, "auto");
        try {
            mesh.startSidecar(NODE);
            Server server = new Server(mesh.sidecar(NODE), mesh.sidecar(NODE).pid(), mesh.socket(NODE));
            return Peer.start(system, server, system, folder);
        } catch (IOException | RuntimeException e) {
            mesh.close();
            throw e;
        }
    }
}
