package io.dray.router;

import io.dray.core.wire.Addresses;
import io.dray.core.wire.Incarnations;
import io.dray.core.wire.InstanceName;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.Interest;
import io.dray.router.v1.JoinRequest;
import io.dray.router.v1.NodeAnnouncement;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.Optional;

/** What a router takes from sidecars on directory streams. Stateless. */
final class DirectoryChecks {
    private DirectoryChecks() {}

    static Optional<Error> announcement(NodeAnnouncement announcement, String mesh, long nowMicros) {
        String theirs = TaskSpecs.orDefault(announcement.getMesh(), TaskChecks.DEFAULT);
        if (!theirs.equals(mesh)) {
            return Optional.of(MeshError.of(Code.CODE_WRONG_MESH, "The node belongs to another mesh.", theirs, mesh));
        }
        if (!Names.isName(announcement.getNode())) {
            return WorkChecks.badName("The node has a bad name.", announcement.getNode(), Names.NAME_FORM);
        }
        Optional<Error> noStart = Incarnations.check(announcement.getIncarnation(), nowMicros);
        if (noStart.isPresent()) {
            return noStart;
        }
        return announcement.getAgentsList().stream()
                .flatMap(agent -> agent(announcement.getNode(), agent).stream())
                .findFirst()
                .or(() -> announcement.getInterestsList().stream()
                        .flatMap(interest -> interest(interest).stream())
                        .findFirst());
    }

    private static Optional<Error> agent(String node, AgentEntry agent) {
        Optional<InstanceName> name = InstanceName.parse(agent.getInstance());
        if (name.isEmpty() || !name.get().node().equals(node)) {
            return WorkChecks.badName(
                    "An agent has a bad name, or one of another node.", agent.getInstance(), "agent/suffix@" + node);
        }
        return agent.getCapabilitiesList().stream()
                .filter(capability -> !Names.isName(capability))
                .findFirst()
                .flatMap(bad -> WorkChecks.badName("A capability has a bad name.", bad, Names.NAME_FORM));
    }

    private static Optional<Error> interest(Interest interest) {
        if (!Names.isPattern(interest.getPattern())) {
            return WorkChecks.badName("A topic pattern is none.", interest.getPattern(), Names.PATTERN_FORM);
        }
        if (!interest.getQueueGroup().isEmpty() && !Names.isName(interest.getQueueGroup())) {
            return WorkChecks.badName("A queue group has a bad name.", interest.getQueueGroup(), Names.NAME_FORM);
        }
        return Optional.empty();
    }

    static Optional<Error> queries(JoinRequest frame) {
        return frame.getQueriesList().stream()
                .flatMap(address -> query(address).stream())
                .findFirst();
    }

    private static Optional<Error> query(Address address) {
        if (address.getTargetCase() == Address.TargetCase.TOPIC) {
            return Optional.of(MeshError.of(
                    Code.CODE_INVALID_REQUEST,
                    "A topic has no members: its interest is told to everybody.",
                    address.getTopic(),
                    "an agent, instance or capability"));
        }
        return Addresses.check(address);
    }
}
