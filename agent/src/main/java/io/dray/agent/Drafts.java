package io.dray.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns what users say into messages for the outbox, and refuses what the sidecar would refuse. Thread-safe. */
final class Drafts {
    /** What id, sender, deadline and ordinal add to a header, and what a message costs while it is queued. */
    private static final int ADDED_BYTES = 256;

    private final Loop loop;
    private final Unfinished unfinished;
    private final Duration requestTimeout;
    private final Callbacks callbacks;
    private final Supplier<Session.SendLimits> limits;
    private volatile Address lastReplyTo = Address.getDefaultInstance();

    Drafts(
            Loop loop,
            Unfinished unfinished,
            Duration requestTimeout,
            Callbacks callbacks,
            Supplier<Session.SendLimits> limits) {
        this.loop = loop;
        this.unfinished = unfinished;
        this.requestTimeout = requestTimeout;
        this.callbacks = callbacks;
        this.limits = limits;
    }

    /** A message without reply; its handle is {@link Outgoing#receipts}. */
    Outgoing event(Message message) {
        var draft = message.envelope().toBuilder().setKind(Kind.KIND_EVENT);
        boolean isHeld = isAtLeastOnce(message);
        var deadline = message.deadline().orElse(isHeld ? requestTimeout : Duration.ZERO);
        if (isHeld) {
            draft.setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE);
        }
        return draft(message, draft, deadline, new SentMessage(draft.getReceipt(), callbacks), null);
    }

    Outgoing request(Message message, Duration timeout, ReplyFuture reply) {
        var draft = message.envelope().toBuilder().setKind(Kind.KIND_REQUEST);
        if (isAtLeastOnce(message)) {
            draft.setReceipt(ReceiptLevel.RECEIPT_LEVEL_DONE);
        }
        return draft(message, draft, timeout, null, reply);
    }

    /** The answer to a request that was received. */
    Outgoing reply(Envelope request, long deadlineMicros, Message content) {
        var draft =
                answer(content.envelope().toBuilder(), request, deadlineMicros).setKind(Kind.KIND_REPLY);
        return checked(draft, content.envelope(), null, null);
    }

    /** The answer that a request failed. */
    Outgoing failure(Envelope request, long deadlineMicros, Error error) {
        var draft = answer(Envelope.newBuilder(), request, deadlineMicros)
                .setKind(Kind.KIND_REPLY)
                .setError(error);
        return new Outgoing(unfinished, draft, ADDED_BYTES + error.getSerializedSize(), null, null);
    }

    /** Tells that a request of ours was given up. */
    Outgoing cancel(Outgoing request, long session) {
        var draft = Envelope.newBuilder()
                .setTo(request.to())
                .setKind(Kind.KIND_CANCEL)
                .setPriority(request.draft.getPriority())
                .setOrderingKey(request.draft.getOrderingKey())
                .setDeadlineUnixMicros(request.deadlineMicros)
                .setCauseSession(session)
                .setCauseSequence(request.sequence);
        return new Outgoing(unfinished, draft, ADDED_BYTES, null, null);
    }

    /**
     * Makes a message of what a handler returned.
     *
     * @throws MeshException HANDLER_FAILED when it is nothing that can be sent
     */
    static Message content(Object content) {
        return switch (content) {
            case Message message -> message;
            case byte[] bytes -> Message.content().payload(bytes);
            case ByteString bytes -> Message.content().payload(bytes);
            case String text -> Message.content().payload(text);
            case MessageLite message -> Message.content().payload(message);
            default ->
                throw new MeshException(MeshError.of(
                        Code.CODE_HANDLER_FAILED,
                        "The handler returned something that is no reply.",
                        content.getClass().getName(),
                        "Message, byte[], ByteString, String or a protobuf message"));
        };
    }

    private Outgoing draft(
            Message message,
            Envelope.Builder draft,
            Duration timeout,
            @Nullable SentMessage receipts,
            @Nullable ReplyFuture reply) {
        Addresses.check(message.to()).ifPresent(error -> {
            throw new MeshException(error);
        });
        if (!timeout.isZero()) {
            draft.setDeadlineUnixMicros(loop.unixMicros() + TimeUnit.NANOSECONDS.toMicros(timeout.toNanos()));
        }
        Message cause = Cause.current();
        if (cause != null && draft.getCauseSession() == 0) {
            draft.setHops(cause.envelope().getHops() + 1)
                    .setCauseSession(cause.envelope().getSession())
                    .setCauseSequence(cause.envelope().getSequence());
        }
        return checked(draft, message.envelope(), receipts, reply);
    }

    private Outgoing checked(
            Envelope.Builder draft, Envelope content, @Nullable SentMessage receipts, @Nullable ReplyFuture reply) {
        int size = content.getSerializedSize() + ADDED_BYTES;
        int payloadBytes = content.getPayload().size();
        var most = limits.get();
        if (size > most.envelopeBytes()) {
            throw new MeshException(Errors.tooLarge(Code.CODE_TOO_LARGE, "The message", size, most.envelopeBytes()));
        }
        if (size - payloadBytes > most.headerBytes()) {
            throw new MeshException(
                    Errors.tooLarge(Code.CODE_HEADER_TOO_LARGE, "The header", size - payloadBytes, most.headerBytes()));
        }
        return new Outgoing(unfinished, draft, size, receipts, reply);
    }

    private Envelope.Builder answer(Envelope.Builder draft, Envelope request, long deadlineMicros) {
        return draft.setTo(replyTo(request.getFrom()))
                .setPriority(request.getPriority())
                .setDeadlineUnixMicros(deadlineMicros)
                .setHops(request.getHops() + 1)
                .setConversationId(request.getConversationId())
                .setCauseSession(request.getSession())
                .setCauseSequence(request.getSequence());
    }

    /** Most replies go where the one before went. */
    private Address replyTo(String instance) {
        Address last = lastReplyTo;
        if (!last.getInstance().equals(instance)) {
            last = Addresses.instance(instance);
            lastReplyTo = last;
        }
        return last;
    }

    private static boolean isAtLeastOnce(Message message) {
        return message.envelope().getDeliveryClass() == DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE;
    }
}
