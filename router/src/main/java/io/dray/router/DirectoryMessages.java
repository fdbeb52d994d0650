package io.dray.router;

import io.dray.core.wire.InstanceName;
import io.dray.router.fleet.AddressName;
import io.dray.router.fleet.AgentPlace;
import io.dray.router.fleet.DirectoryNews;
import io.dray.router.fleet.Interest;
import io.dray.router.fleet.Members;
import io.dray.router.fleet.NodeAnnouncement;
import io.dray.router.fleet.NodePlace;
import io.dray.router.fleet.PoolPlace;
import io.dray.router.v1.AgentEntry;
import io.dray.router.v1.JoinResponse;
import io.dray.router.v1.NodeGone;
import io.dray.router.v1.NodeInterest;
import io.dray.router.v1.NodeLocation;
import io.dray.router.v1.NodeMembers;
import io.dray.router.v1.PoolOwner;
import io.dray.types.v1.Address;
import java.util.List;
import java.util.stream.Stream;

/** The contract's messages of directory streams to and from our own. Stateless. */
final class DirectoryMessages {
    private DirectoryMessages() {}

    static NodeAnnouncement announcement(io.dray.router.v1.NodeAnnouncement message) {
        return new NodeAnnouncement(
                new NodePlace(
                        message.getNode(),
                        message.getIncarnation(),
                        message.getPeerAddress(),
                        message.getAdminAddress()),
                message.getRevision(),
                message.getAgentsList().stream().map(DirectoryMessages::agent).toList(),
                message.getInterestsList().stream()
                        .map(interest -> new Interest(interest.getPattern(), interest.getQueueGroup()))
                        .toList(),
                message.getVersion().getSoftware());
    }

    private static AgentPlace agent(AgentEntry entry) {
        return new AgentPlace(
                entry.getInstance(),
                InstanceName.parse(entry.getInstance()).map(InstanceName::agent).orElseThrow(),
                entry.getCapabilitiesList().stream().distinct().toList(),
                entry.getLabelsMap(),
                entry.getTaskSlots());
    }

    static List<AddressName> addresses(List<Address> addresses) {
        return addresses.stream().flatMap(DirectoryMessages::address).toList();
    }

    private static Stream<AddressName> address(Address address) {
        return switch (address.getTargetCase()) {
            case AGENT -> Stream.of(new AddressName(AddressName.Kind.AGENT, address.getAgent()));
            case INSTANCE -> Stream.of(new AddressName(AddressName.Kind.INSTANCE, address.getInstance()));
            case CAPABILITY -> Stream.of(new AddressName(AddressName.Kind.CAPABILITY, address.getCapability()));
            case TOPIC, TARGET_NOT_SET -> Stream.empty();
        };
    }

    private static Address address(AddressName address) {
        Address.Builder builder = Address.newBuilder();
        return switch (address.kind()) {
            case AGENT -> builder.setAgent(address.name()).build();
            case INSTANCE -> builder.setInstance(address.name()).build();
            case CAPABILITY -> builder.setCapability(address.name()).build();
        };
    }

    /** Returns news in frames that are small enough, in the order in which they have to be told. */
    static List<JoinResponse> news(DirectoryNews news) {
        NewsFrames frames = new NewsFrames();
        for (NodePlace place : news.nodes()) {
            frames.add(NodeLocation.newBuilder()
                    .setNode(place.node())
                    .setIncarnation(place.incarnation())
                    .setPeerAddress(place.peerAddress())
                    .build());
        }
        for (NodePlace place : news.gone()) {
            frames.add(NodeGone.newBuilder()
                    .setNode(place.node())
                    .setIncarnation(place.incarnation())
                    .build());
        }
        news.members().forEach(members -> frames.add(members(members)));
        news.interests().forEach(node -> interests(node, frames));
        PoolPlace owner = news.owner();
        if (owner != null) {
            frames.add(PoolOwner.newBuilder()
                    .setRouter(owner.router())
                    .setAddress(owner.address())
                    .setEpoch(owner.epoch())
                    .build());
        }
        return frames.end(news.isComplete());
    }

    private static io.dray.router.v1.Members members(Members members) {
        var message = io.dray.router.v1.Members.newBuilder()
                .setAddress(address(members.address()))
                .setGeneration(members.generation());
        members.instancesByNode()
                .forEach((node, instances) ->
                        message.addNodes(NodeMembers.newBuilder().setNode(node).setInstances(instances)));
        return message.build();
    }

    private static void interests(NodeAnnouncement node, NewsFrames frames) {
        NodeInterest.Builder part = interest(node);
        int bytes = 0;
        for (Interest interest : node.interests()) {
            var message = io.dray.router.v1.Interest.newBuilder()
                    .setPattern(interest.pattern())
                    .setQueueGroup(interest.queueGroup())
                    .build();
            bytes += message.getSerializedSize();
            if (bytes > NewsFrames.MAX_BYTES) {
                frames.add(part.setMore(true).build());
                part = interest(node);
                bytes = message.getSerializedSize();
            }
            part.addInterests(message);
        }
        frames.add(part.build());
    }

    private static NodeInterest.Builder interest(NodeAnnouncement node) {
        return NodeInterest.newBuilder().setNode(node.place().node()).setGeneration(node.revision());
    }
}
