package io.dray.sidecar;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.agent.v1.AttachRequest;
import io.dray.agent.v1.AttachResponse;
import io.dray.agent.v1.Welcome;
import io.dray.sidecar.frame.Frame;
import io.dray.types.v1.Address;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Receipt;
import java.util.List;

/** A played agent on a stream of its own. */
final class AgentClient {
    final FakeCall call = new FakeCall();
    private final Doors doors;
    private final AttachStream stream;
    private long lastSequence;

    AgentClient(Doors doors) {
        this.doors = doors;
        this.stream = new AttachStream(call, doors.loop, doors.attaching, _ -> {});
    }

    void say(AttachRequest frame) {
        say(frame.toByteArray());
    }

    void say(byte[] frame) {
        stream.onMessage(Frame.of(frame, 0));
        doors.loop.runReady();
    }

    void leave() {
        stream.onCancel();
        doors.loop.runReady();
    }

    Welcome welcome() {
        return frames().getFirst().getWelcome();
    }

    /** Starts an envelope with its next number. */
    Envelope.Builder envelope(Address to) {
        return Envelope.newBuilder()
                .setTo(to)
                .setFrom(welcome().getInstance())
                .setSession(welcome().getSession())
                .setSequence(++lastSequence);
    }

    Envelope.Builder envelope(String agent) {
        return envelope(Address.newBuilder().setAgent(agent).build());
    }

    void send(Envelope.Builder envelope) {
        say(AttachRequest.newBuilder().addEnvelopes(envelope).build());
    }

    void answer(Receipt.Builder receipt) {
        say(AttachRequest.newBuilder().addReceipts(receipt).build());
    }

    List<Envelope> received() {
        return frames().stream()
                .flatMap(frame -> frame.getEnvelopesList().stream())
                .toList();
    }

    List<Receipt> receipts() {
        return frames().stream()
                .flatMap(frame -> frame.getReceiptsList().stream())
                .toList();
    }

    /** Levels of the receipts, such as {@code 1 ACCEPTED} or {@code 1 REFUSED MAILBOX_FULL}. */
    List<String> told() {
        return receipts().stream()
                .map(receipt -> receipt.getFirst() + " "
                        + receipt.getLevel().name().substring("RECEIPT_LEVEL_".length())
                        + (receipt.hasError()
                                ? " " + receipt.getError().getCode().name().substring("CODE_".length())
                                : ""))
                .toList();
    }

    Error error() {
        return call.error();
    }

    /** Frames that the sidecar sent, the Welcome first. */
    List<AttachResponse> frames() {
        return call.sent().stream().map(AgentClient::parsed).toList();
    }

    static AttachResponse parsed(byte[] frame) {
        try {
            return AttachResponse.parseFrom(frame);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
