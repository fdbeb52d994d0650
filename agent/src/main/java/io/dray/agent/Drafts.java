package io.dray.agent;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.WireLimits;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Error;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Turns what users say into messages for the outbox, and refuses what the sidecar would refuse. Thread-safe. */
final class Drafts {
    /** What id, sender, deadline and ordinal add to a header, and what a message costs while it is queued. */
    private static final int ADDED_BYTES = 256;

    /**
     * What even the smallest message counts for: the objects of more than a thousand fall out of the caches of a core
     * before they are written, which costs more than a caller's wait.
     */
    private static final int LEAST_BYTES = 1_024;

    private final LongSupplier nowMicros;
    private final Unfinished unfinished;
    private final Duration requestTimeout;
    private final Callbacks callbacks;
    private final Supplier<Session.SendLimits> limits;
    private volatile Route lastReplyTo = new Route(Address.getDefaultInstance());

    Drafts(
            LongSupplier nowMicros,
            Unfinished unfinished,
            Duration requestTimeout,
            Callbacks callbacks,
            Supplier<Session.SendLimits> limits) {
        this.nowMicros = nowMicros;
        this.unfinished = unfinished;
        this.requestTimeout = requestTimeout;
        this.callbacks = callbacks;
        this.limits = limits;
    }

    /** A message without reply. */
    Outgoing event(Message message) {
        var event = new Outgoing(unfinished, Kind.KIND_EVENT, message.template(), message);
        var deadline = message.deadline().orElse(event.isAtLeastOnce() ? requestTimeout : Duration.ZERO);
        ReceiptLevel wish = event.isAtLeastOnce()
                ? ReceiptLevel.RECEIPT_LEVEL_DONE
                : message.template().envelope().getReceipt();
        if (wish != ReceiptLevel.RECEIPT_LEVEL_UNSPECIFIED) {
            event.callbacks = callbacks;
            event.receipt = (byte) wish.getNumber();
        }
        return begun(event, deadline);
    }

    Outgoing request(Message message, Duration timeout, ReplyFuture reply) {
        var request = new Outgoing(unfinished, Kind.KIND_REQUEST, message.template(), message);
        request.reply = reply;
        if (request.isAtLeastOnce()) {
            request.receipt = ReceiptLevel.RECEIPT_LEVEL_DONE_VALUE;
        }
        return begun(request, timeout);
    }

    /** The answer to a request that was received. */
    Outgoing reply(Incoming request, long deadlineMicros, Message content) {
        return checked(answer(request, deadlineMicros, content));
    }

    /** The answer that a request failed. */
    Outgoing failure(Incoming request, long deadlineMicros, Error error) {
        var template = Template.of(Envelope.newBuilder().setError(error).build());
        Outgoing failure =
                answer(request, deadlineMicros, new Outgoing(unfinished, Kind.KIND_REPLY, template, Message.content()));
        failure.bytes = ADDED_BYTES + error.getSerializedSize();
        return failure;
    }

    /** The answer in place of one that was refused on its way. */
    Outgoing failure(Outgoing refused, Error error) {
        var template = Template.of(Envelope.newBuilder().setError(error).build());
        var failure = new Outgoing(unfinished, Kind.KIND_REPLY, template, Message.content());
        failure.isFailure = true;
        failure.to = refused.to;
        failure.priority = refused.priority;
        failure.deadlineMicros = refused.deadlineMicros;
        failure.links = refused.links;
        failure.bytes = ADDED_BYTES + error.getSerializedSize();
        return failure;
    }

    /** Tells that a request of ours was given up. */
    Outgoing cancel(Outgoing request) {
        String key = request.head.orderingKey();
        var template = key.isEmpty()
                ? Template.EMPTY
                : Template.of(Envelope.newBuilder().setOrderingKey(key).build());
        var cancel = new Outgoing(unfinished, Kind.KIND_CANCEL, template, Message.content());
        cancel.to = request.to;
        cancel.priority = request.priority;
        cancel.deadlineMicros = request.deadlineMicros;
        cancel.links = new Links(0, request.session, request.sequence(), ByteString.EMPTY);
        cancel.bytes = ADDED_BYTES;
        return cancel;
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

    private Outgoing begun(Outgoing message, Duration timeout) {
        message.to.problem().ifPresent(error -> {
            throw new MeshException(error);
        });
        if (!timeout.isZero()) {
            message.madeMicros = nowMicros.getAsLong();
            message.deadlineMicros = message.madeMicros + TimeUnit.NANOSECONDS.toMicros(timeout.toNanos());
        }
        Head cause = Cause.current();
        if (cause != null && message.links.causeSession() == 0) {
            message.links = message.links.causedBy(cause);
        }
        return checked(message);
    }

    private Outgoing checked(Outgoing message) {
        int payloadBytes = message.payload.size();
        long headBytes =
                (long) ADDED_BYTES + message.head.bytes() + textBytes(message.type) + textBytes(message.contentType);
        var most = limits.get();
        if (headBytes > most.headerBytes()) {
            throw new MeshException(
                    Errors.tooLarge(Code.CODE_HEADER_TOO_LARGE, "The header", headBytes, most.headerBytes()));
        }
        if (payloadBytes > OutgoingBlobs.THRESHOLD_BYTES && most.takesChunks()) {
            return large(message, headBytes);
        }
        if (headBytes + payloadBytes > most.envelopeBytes()) {
            throw new MeshException(Errors.tooLarge(
                    Code.CODE_TOO_LARGE, "The message", headBytes + payloadBytes, most.envelopeBytes()));
        }
        message.bytes = Math.max(LEAST_BYTES, (int) headBytes + payloadBytes);
        return message;
    }

    private static Outgoing large(Outgoing message, long headBytes) {
        int payloadBytes = message.payload.size();
        if (payloadBytes > WireLimits.MAX_PAYLOAD_BYTES) {
            throw new MeshException(Errors.tooLarge(
                    Code.CODE_TOO_LARGE,
                    "The payload, with a limit of 256 MiB,",
                    payloadBytes,
                    WireLimits.MAX_PAYLOAD_BYTES));
        }
        var large = new OutgoingBlob(message.payload, message.isAtLeastOnce());
        large.reply = message.kind == Kind.KIND_REPLY_VALUE ? message : null;
        message.large = large;
        message.bytes = (int) headBytes;
        return message;
    }

    private Outgoing answer(Incoming request, long deadlineMicros, Message content) {
        return answer(request, deadlineMicros, new Outgoing(unfinished, Kind.KIND_REPLY, content.template(), content));
    }

    private Outgoing answer(Incoming request, long deadlineMicros, Outgoing answer) {
        answer.to = replyTo(request);
        answer.priority = (byte) request.priority();
        answer.deadlineMicros = deadlineMicros;
        answer.links = request.answerLinks();
        return answer;
    }

    /** Most replies go where the one before went. */
    private Route replyTo(Incoming request) {
        Route last = lastReplyTo;
        Route back = request.routeBack(last);
        if (!back.equals(last)) {
            lastReplyTo = back;
        }
        return back;
    }

    private static int textBytes(String text) {
        return text.isEmpty() ? 0 : CodedOutputStream.computeStringSizeNoTag(text) + 2;
    }
}
