package io.dray.router;

import io.dray.core.wire.Incarnations;
import io.dray.core.wire.InstanceName;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.router.v1.NodeHello;
import io.dray.router.v1.WorkerSlots;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.List;
import java.util.Optional;

/** What a router takes from sidecars on work streams. Stateless. */
final class WorkChecks {
    static final int MAX_SLOTS = 10_000;
    private static final int MAX_CAPABILITIES = 256;
    private static final int MAX_LABELS = 64;
    private static final int MAX_LABEL_LENGTH = 256;

    private WorkChecks() {}

    static Optional<Error> check(NodeHello hello, long nowMicros) {
        if (!Names.isName(hello.getNode())) {
            return badName("The node has a bad name.", hello.getNode(), Names.NAME_FORM);
        }
        Optional<Error> noStart = Incarnations.check(hello.getIncarnation(), nowMicros);
        if (noStart.isPresent()) {
            return noStart;
        }
        if (!hello.getPool().isEmpty() && !hello.getPool().equals(TaskChecks.DEFAULT)) {
            return Optional.of(MeshError.of(
                    Code.CODE_INVALID_REQUEST, "The router has no such pool.", hello.getPool(), TaskChecks.DEFAULT));
        }
        return labels(hello).or(() -> check(hello.getNode(), hello.getSlotsList()));
    }

    private static Optional<Error> labels(NodeHello hello) {
        if (hello.getLabelsCount() > MAX_LABELS) {
            return Optional.of(MeshError.of(
                    Code.CODE_TOO_MANY,
                    "The node has too many labels.",
                    hello.getNode() + ": " + hello.getLabelsCount(),
                    "at most " + MAX_LABELS));
        }
        return hello.getLabelsMap().entrySet().stream()
                .filter(label -> label.getKey().isEmpty()
                        || label.getKey().length() > MAX_LABEL_LENGTH
                        || label.getValue().length() > MAX_LABEL_LENGTH)
                .findFirst()
                .flatMap(label -> badName(
                        "A label of the node is empty or too long.",
                        label.getKey() + "=" + label.getValue(),
                        "KEY=VALUE, at most " + MAX_LABEL_LENGTH + " characters each"));
    }

    /** Checks the workers of a node. */
    static Optional<Error> check(String node, List<WorkerSlots> workers) {
        for (WorkerSlots worker : workers) {
            Optional<InstanceName> name = InstanceName.parse(worker.getInstance());
            if (name.isEmpty() || !name.get().node().equals(node)) {
                return badName(
                        "A worker has a bad name, or one of another node.",
                        worker.getInstance(),
                        "agent/suffix@" + node);
            }
            if (worker.getCapabilitiesCount() > MAX_CAPABILITIES) {
                return Optional.of(MeshError.of(
                        Code.CODE_TOO_MANY,
                        "A worker has too many capabilities.",
                        worker.getInstance() + ": " + worker.getCapabilitiesCount(),
                        "at most " + MAX_CAPABILITIES));
            }
            for (String capability : worker.getCapabilitiesList()) {
                if (!Names.isName(capability)) {
                    return badName("A capability has a bad name.", capability, Names.NAME_FORM);
                }
            }
        }
        return Optional.empty();
    }

    static Optional<Error> badName(String message, String value, String expected) {
        return Optional.of(MeshError.of(Code.CODE_BAD_NAME, message, value, expected));
    }
}
