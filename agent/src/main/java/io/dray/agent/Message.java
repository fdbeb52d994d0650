package io.dray.agent;

import com.google.errorprone.annotations.CheckReturnValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.dray.core.wire.Addresses;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.MessageId;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.HopNote;
import io.dray.types.v1.Kind;
import io.dray.types.v1.Priority;
import io.dray.types.v1.ReceiptLevel;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One message, to send or received. Immutable: each method that changes something returns a copy, so a message can be a
 * template for many. Text is UTF-8; nothing here blocks.
 */
@CheckReturnValue
public final class Message {
    private static final Message EMPTY =
            new Message(Template.EMPTY, "", "", ByteString.EMPTY, Optional.empty(), HopNote.getDefaultInstance());

    private final Head head;
    private final String type;
    private final String contentType;
    private final ByteString payload;
    private final Optional<Duration> deadline;
    private final HopNote note;

    private Message(
            Head head, String type, String contentType, ByteString payload, Optional<Duration> deadline, HopNote note) {
        this.head = head;
        this.type = Objects.requireNonNull(type);
        this.contentType = Objects.requireNonNull(contentType);
        this.payload = Objects.requireNonNull(payload);
        this.deadline = deadline;
        this.note = note;
    }

    /**
     * Starts a message to an address in text: {@code name} or {@code agent:name}, {@code instance:agent/suffix@node},
     * {@code capability:name}, {@code topic:some.topic}.
     *
     * @throws MeshException BAD_NAME when it is none
     */
    public static Message to(String address) {
        return to(Addresses.parse(address)
                .orElseThrow(() -> new MeshException(MeshError.of(
                        Code.CODE_BAD_NAME,
                        "The destination is not an address.",
                        address,
                        "NAME, agent:NAME, instance:AGENT/SUFFIX@NODE, capability:NAME or topic:TOPIC"))));
    }

    /** Starts a message to an address of the contract. */
    public static Message to(Address address) {
        return EMPTY.with(head -> head.setTo(address));
    }

    /** Starts a message to any agent that advertises a capability. */
    public static Message toCapability(String capability) {
        return to(Addresses.capability(capability));
    }

    /** Starts a message to everybody who subscribes to a topic. */
    public static Message toTopic(String topic) {
        return to(Addresses.topic(topic));
    }

    /** Starts a message without address: for replies, and for {@link Mesh#publish(String, Message)}. */
    public static Message content() {
        return EMPTY;
    }

    /** Returns a received message; for transports and for tests of handlers. */
    public static Message received(Envelope envelope, HopNote note) {
        return new Message(
                Template.of(bare(envelope).build()),
                envelope.getType(),
                envelope.getContentType(),
                envelope.getPayload(),
                Optional.empty(),
                note);
    }

    /** Returns a message that the sidecar delivered. */
    static Message received(Incoming incoming, HopNote note) {
        return new Message(
                incoming, incoming.type(), incoming.contentType(), incoming.payload(), Optional.empty(), note);
    }

    /** Returns a copy for another address. */
    public Message readdress(Address address) {
        return with(changed -> changed.setTo(address));
    }

    /** Sets the name of the payload's type, by which the receiver picks its handler. */
    public Message type(String type) {
        return new Message(template(), type, contentType, payload, deadline, note);
    }

    /** Sets the media type of the payload; empty means application/x-protobuf. */
    public Message contentType(String contentType) {
        return new Message(template(), type, contentType, payload, deadline, note);
    }

    /** Sets the payload; the array is copied. */
    public Message payload(byte[] payload) {
        return payload(ByteString.copyFrom(payload));
    }

    /** Sets the payload. */
    public Message payload(ByteString payload) {
        return new Message(template(), type, contentType, payload, deadline, note);
    }

    /** Sets text as payload, of media type text/plain. */
    public Message payload(String text) {
        return payload(ByteString.copyFromUtf8(text)).contentType("text/plain");
    }

    /** Sets a protobuf message as payload; its full name becomes the type unless one was set. */
    public Message payload(MessageLite message) {
        Message changed = payload(message.toByteString());
        return type.isEmpty() ? changed.type(Payloads.typeOf(message)) : changed;
    }

    /** Sets the lane; the default is NORMAL. */
    public Message priority(Priority priority) {
        return with(changed -> changed.setPriority(priority));
    }

    /** Sets the promise; the default is AT_MOST_ONCE. */
    public Message deliveryClass(DeliveryClass deliveryClass) {
        return with(changed -> changed.setDeliveryClass(deliveryClass));
    }

    /** Sets the highest receipt to hear of; the default is DONE for AT_LEAST_ONCE, else none but refusals. */
    public Message receipt(ReceiptLevel level) {
        return with(changed -> changed.setReceipt(level));
    }

    /** Sets how long, from sending, somebody wants it; AT_LEAST_ONCE takes the request timeout when none is set. */
    public Message deadline(Duration deadline) {
        return new Message(head, type, contentType, payload, Optional.of(deadline), note);
    }

    /** Makes messages of the same key and address go to the same instance, one after the other. */
    public Message orderingKey(String key) {
        return with(changed -> changed.setOrderingKey(key));
    }

    /** Sets a free field; at most 64. */
    public Message header(String name, String value) {
        return with(changed -> changed.putHeaders(name, value));
    }

    /** Groups the messages of one conversation. */
    public Message conversation(String id) {
        return with(changed -> changed.setConversationId(id));
    }

    /** Lets the receiver recognise a repeated intent. */
    public Message idempotencyKey(String key) {
        return with(changed -> changed.setIdempotencyKey(key));
    }

    /** Sets the W3C trace context. */
    public Message trace(String traceparent, String tracestate) {
        return with(changed -> changed.setTraceparent(traceparent).setTracestate(tracestate));
    }

    /**
     * Lets identical requests be answered with this reply for a while, by the sidecars of those who ask; only for replies
     * that depend on nothing but the request.
     *
     * @param time rounded down to milliseconds, at most 24 days; none, or one that is over: never
     */
    public Message cacheFor(Duration time) {
        Duration most = Duration.ofMillis(Integer.MAX_VALUE);
        Duration kept = time.isNegative() ? Duration.ZERO : time.compareTo(most) > 0 ? most : time;
        return with(changed -> changed.setCacheTtlMillis((int) kept.toMillis()));
    }

    /** Names the received message that led to this one; done by itself for what a handler sends on its own thread. */
    public Message causedBy(Message cause) {
        Envelope earlier = cause.head.envelope();
        return with(changed -> {
            changed.setHops(cause.head.hops() + 1)
                    .setCauseSession(cause.head.session())
                    .setCauseSequence(cause.head.sequence());
            if (changed.getConversationId().isEmpty()) {
                changed.setConversationId(earlier.getConversationId());
            }
            if (changed.getTraceparent().isEmpty()) {
                changed.setTraceparent(earlier.getTraceparent()).setTracestate(earlier.getTracestate());
            }
        });
    }

    /** Returns where it goes. */
    public Address to() {
        return head.envelope().getTo();
    }

    /** Returns the instance that sent it; empty for a message that was not received. */
    public String from() {
        return head instanceof Incoming incoming
                ? incoming.from()
                : head.envelope().getFrom();
    }

    /** Returns its id; empty for a message that was not received. */
    public Optional<MessageId> id() {
        return head.session() == 0 ? Optional.empty() : Optional.of(new MessageId(head.session(), head.sequence()));
    }

    /** Returns the topic it was published to; empty for anything else. */
    public String topic() {
        return head.envelope().getTo().getTopic();
    }

    /** Returns the name of the payload's type. */
    public String type() {
        return type;
    }

    /** Returns the media type of the payload; empty means application/x-protobuf. */
    public String contentType() {
        return contentType;
    }

    /** Returns the payload as it came. */
    public ByteString payload() {
        return payload;
    }

    /** Returns the payload as text. */
    public String text() {
        return payload.toStringUtf8();
    }

    /**
     * Returns the payload as a protobuf message.
     *
     * @throws MeshException HANDLER_FAILED when it is no such message
     */
    public <T extends MessageLite> T payloadAs(Parser<T> parser) {
        return Payloads.parse(payload, type, parser);
    }

    /** Returns a free field. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(head.envelope().getHeadersMap().get(name));
    }

    /** Returns the free fields. */
    public Map<String, String> headers() {
        return head.envelope().getHeadersMap();
    }

    /** Returns the verified identity of the sender: {@code uid:N}, or empty when nothing verified it. */
    public String principal() {
        return note.getPrincipal();
    }

    /** Whether it is a reply that the sidecar gave again from its cache; {@link #from} is who answered first. */
    public boolean isCached() {
        return note.getCached();
    }

    /** Returns how long, from sending, somebody wants it. */
    public Optional<Duration> deadline() {
        return deadline;
    }

    /** Whether its sender wants a reply. */
    public boolean isRequest() {
        return head.envelope().getKind() == Kind.KIND_REQUEST;
    }

    /** Returns the envelope of the contract: of a received message as it came, else without id, sender and deadline. */
    public Envelope envelope() {
        return head instanceof Incoming
                ? head.envelope()
                : head.envelope().toBuilder()
                        .setType(type)
                        .setContentType(contentType)
                        .setPayload(payload)
                        .build();
    }

    Head head() {
        return head;
    }

    /** Returns the head as that of a message to send. */
    Template template() {
        return head instanceof Template template
                ? template
                : Template.of(bare(head.envelope()).build());
    }

    @Override
    public String toString() {
        return "Message[" + id().map(MessageId::toString).orElse("new") + " to " + Addresses.text(to()) + " type "
                + type() + " " + payload().size() + " B]";
    }

    private Message with(Consumer<Envelope.Builder> change) {
        var changed = template().envelope().toBuilder();
        change.accept(changed);
        return new Message(Template.of(changed.build()), type, contentType, payload, deadline, note);
    }

    private static Envelope.Builder bare(Envelope envelope) {
        return envelope.toBuilder().clearType().clearContentType().clearPayload();
    }
}
