package io.dray.agent;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;

/** The mesh as the sidecar of this host offers it: composes stream, outbox, inbox and tasks. Thread-safe. */
final class AttachedMesh {
    private AttachedMesh() {}

    static Mesh connect(AgentSpec agent, MeshConfig config) {
        var error = MeshError.of(Code.CODE_UNIMPLEMENTED, "Attaching " + agent.name() + " is not built yet.");
        throw config.concurrency() > 0 ? new MeshException(error) : new IllegalStateException();
    }
}
