package io.dray.sidecar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.peer.v1.DeliverRequest;
import io.dray.peer.v1.DeliverResponse;
import io.dray.peer.v1.LinkHello;
import io.dray.peer.v1.StreamKind;
import io.dray.sidecar.frame.Frame;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import io.dray.types.v1.Version;
import java.util.List;

/** A played peer on one stream of its link. */
final class PeerClient {
    static final long SESSION = 99;

    final FakeCall call = new FakeCall();
    private final Doors doors;
    private final PeerStream stream;
    private long lastSequence;

    PeerClient(Doors doors) {
        this.doors = doors;
        this.stream = new PeerStream(call, doors.loop, doors.peerDoor);
    }

    /** The bulk stream of a peer. */
    static PeerClient bulk(Doors doors, String node) {
        var peer = new PeerClient(doors);
        peer.say(DeliverRequest.newBuilder().setHello(hello(node).setKind(StreamKind.STREAM_KIND_BULK)));
        return peer;
    }

    void leave() {
        stream.onCancel();
        doors.loop.runReady();
    }

    /** A peer whose hello was taken. */
    static PeerClient welcomed(Doors doors, String node) {
        var peer = new PeerClient(doors);
        peer.say(DeliverRequest.newBuilder().setHello(hello(node)));
        return peer;
    }

    static LinkHello.Builder hello(String node) {
        return LinkHello.newBuilder()
                .setVersion(Version.newBuilder().setMajor(1))
                .setNode(node)
                .setIncarnation(5)
                .setKind(StreamKind.STREAM_KIND_ORDINARY);
    }

    void say(DeliverRequest.Builder frame) {
        say(frame.build().toByteArray());
    }

    void say(byte[] frame) {
        arrive(frame);
        doors.loop.runReady();
    }

    /** Says something in a turn of the loop that is not over. */
    void arrive(byte[] frame) {
        stream.onMessage(Frame.of(frame, 0));
    }

    /** An envelope of an agent on node {@code there}, with the next number. */
    Envelope.Builder envelope(String agent) {
        return Envelope.newBuilder()
                .setTo(Address.newBuilder().setAgent(agent))
                .setFrom("sender/1@there")
                .setSession(SESSION)
                .setSequence(++lastSequence);
    }

    void send(Envelope.Builder envelope) {
        say(DeliverRequest.newBuilder().addEnvelopes(envelope));
    }

    /** Codes of the refusals that were said of the session, in order. */
    List<String> refusals() {
        return frames().stream()
                .flatMap(frame -> frame.getReceiptsList().stream())
                .filter(receipt -> receipt.getSession() == SESSION)
                .filter(Receipt::hasError)
                .map(receipt -> receipt.getFirst() + " " + receipt.getError().getCode())
                .toList();
    }

    Error error() {
        return call.error();
    }

    List<DeliverResponse> frames() {
        return call.sent().stream().map(PeerClient::parsed).toList();
    }

    private static DeliverResponse parsed(byte[] frame) {
        try {
            return DeliverResponse.parseFrom(frame);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
