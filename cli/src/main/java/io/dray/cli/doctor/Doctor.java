package io.dray.cli.doctor;

import io.dray.router.v1.GetStatusResponse;
import io.dray.router.v1.Node;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks at this machine and, when there is one, at the hosts of a mesh. Changes nothing; takes under a second. */
public final class Doctor {
    private Doctor() {}

    /**
     * Looks at this machine.
     *
     * @param environment variables that say where sockets lie
     * @param dataDir where the router is to keep its store
     */
    public static List<Finding> machine(Map<String, String> environment, Path dataDir) {
        SystemFiles files = new SystemFiles(Path.of("/"));
        List<Finding> findings = new ArrayList<>();
        findings.addAll(new HostChecks(files, HostChecks.Machine.current()).look());
        findings.addAll(new DiskCheck(dataDir).look());
        findings.addAll(new NetworkChecks(files, environment).look());
        return findings;
    }

    /** Looks at what a router says of itself. */
    public static List<Finding> router(GetStatusResponse status) {
        return List.of(OwnerCheck.look(status));
    }

    /** Looks at the hosts of the nodes that a router knows. */
    public static List<Finding> mesh(List<Node> nodes) {
        return MeshClocks.look(nodes);
    }
}
