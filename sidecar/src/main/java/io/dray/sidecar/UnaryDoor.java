package io.dray.sidecar;

import io.dray.agent.v1.AgentServiceGrpc.AgentServiceImplBase;
import io.dray.agent.v1.PublishRequest;
import io.dray.agent.v1.PublishResponse;
import io.dray.agent.v1.RequestRequest;
import io.dray.agent.v1.RequestResponse;
import io.dray.agent.v1.SendRequest;
import io.dray.agent.v1.SendResponse;
import io.dray.agent.v1.SubscribeRequest;
import io.dray.agent.v1.SubscribeResponse;
import io.dray.agent.v1.Subscription;
import io.dray.core.net.Connection;
import io.dray.core.net.EventLoops;
import io.dray.core.wire.MeshError;
import io.dray.types.v1.Address;
import io.dray.types.v1.Code;
import io.dray.types.v1.DeliveryClass;
import io.dray.types.v1.Envelope;
import io.dray.types.v1.Kind;
import io.dray.types.v1.ReceiptLevel;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The door for clients that have nothing but a stub: one call, one envelope, one answer. Runs on the loop of the call.
 */
final class UnaryDoor extends AgentServiceImplBase {
    private static final long DEFAULT_TIMEOUT_MICROS = TimeUnit.SECONDS.toMicros(30);
    private static final long MAX_TIMEOUT_SECONDS = TimeUnit.DAYS.toSeconds(365);
    private static final int AT_LEAST_ONCE = DeliveryClass.DELIVERY_CLASS_AT_LEAST_ONCE_VALUE;

    private final DoorContext context;
    private final EventLoops loops;

    UnaryDoor(DoorContext context, EventLoops loops) {
        this.context = context;
        this.loops = loops;
    }

    @Override
    public void send(SendRequest request, StreamObserver<SendResponse> observer) {
        guarded(observer, () -> {
            Address to = noTopic(request.getTo());
            ReceiptLevel level = level(request);
            var call = new DoorCall<SendResponse>(
                    context, loops, observer, micros(request.hasTimeout(), request.getTimeout()));
            int deliveryClass = request.getDeliveryClassValue();
            Envelope.Builder envelope = call.envelope()
                    .setTo(to)
                    .setType(request.getType())
                    .setContentType(request.getContentType())
                    .setPriorityValue(request.getPriorityValue())
                    .setDeliveryClassValue(deliveryClass)
                    .setReceipt(level)
                    .setOrderingKey(request.getOrderingKey())
                    .setConversationId(request.getConversationId())
                    .setIdempotencyKey(request.getIdempotencyKey())
                    .setOrdinal(deliveryClass == AT_LEAST_ONCE ? 1 : 0)
                    .putAllHeaders(request.getHeadersMap())
                    .setPayload(request.getPayload());
            call.untilReceipt(
                    envelope.build(),
                    level.getNumber(),
                    sent -> SendResponse.newBuilder()
                            .setSession(sent.getSession())
                            .setSequence(sent.getSequence())
                            .setLevel(level)
                            .build());
        });
    }

    @Override
    public void request(RequestRequest request, StreamObserver<RequestResponse> observer) {
        guarded(observer, () -> {
            Address to = noTopic(request.getTo());
            var call = new DoorCall<RequestResponse>(
                    context, loops, observer, micros(request.hasTimeout(), request.getTimeout()));
            Envelope.Builder envelope = call.envelope()
                    .setTo(to)
                    .setKind(Kind.KIND_REQUEST)
                    .setType(request.getType())
                    .setContentType(request.getContentType())
                    .setPriorityValue(request.getPriorityValue())
                    .setConversationId(request.getConversationId())
                    .putAllHeaders(request.getHeadersMap())
                    .setPayload(request.getPayload());
            call.untilReply(
                    envelope.build(),
                    reply -> RequestResponse.newBuilder()
                            .setFrom(reply.getFrom())
                            .setType(reply.getType())
                            .setContentType(reply.getContentType())
                            .putAllHeaders(reply.getHeadersMap())
                            .setCached(call.isCached())
                            .setPayload(reply.getPayload())
                            .build());
        });
    }

    @Override
    public void publish(PublishRequest request, StreamObserver<PublishResponse> observer) {
        guarded(observer, () -> {
            var call = new DoorCall<PublishResponse>(
                    context, loops, observer, micros(request.hasTimeout(), request.getTimeout()));
            Envelope.Builder envelope = call.envelope()
                    .setTo(Address.newBuilder().setTopic(request.getTopic()))
                    .setType(request.getType())
                    .setContentType(request.getContentType())
                    .setPriorityValue(request.getPriorityValue())
                    .setReceipt(ReceiptLevel.RECEIPT_LEVEL_ACCEPTED)
                    .putAllHeaders(request.getHeadersMap())
                    .setPayload(request.getPayload());
            if (!request.hasTimeout()) {
                envelope.clearDeadlineUnixMicros();
            }
            int accepted = ReceiptLevel.RECEIPT_LEVEL_ACCEPTED_VALUE;
            call.untilReceipt(
                    envelope.build(),
                    accepted,
                    sent -> PublishResponse.newBuilder()
                            .setSession(sent.getSession())
                            .setSequence(sent.getSequence())
                            .build());
        });
    }

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> observer) {
        guarded(observer, () -> {
            if (request.getPatternsCount() == 0) {
                throw MeshError.toStatus(MeshError.of(
                        Code.CODE_MISSING_FIELD, "a subscription needs a pattern", "patterns empty", "at least one"));
            }
            List<Subscription> subscriptions = request.getPatternsList().stream()
                    .map(pattern -> Subscription.newBuilder()
                            .setPattern(pattern)
                            .setQueueGroup(request.getQueueGroup())
                            .build())
                    .toList();
            HelloCheck.checkSubscriptions(subscriptions);
            var call = new DoorSubscription(
                    context, AgentDoor.currentLoop(loops), Connection.current(), (ServerCallStreamObserver<
                                    SubscribeResponse>)
                            observer);
            call.start(subscriptions);
        });
    }

    private static void guarded(StreamObserver<?> observer, Runnable work) {
        try {
            work.run();
        } catch (StatusRuntimeException e) {
            observer.onError(e);
        }
    }

    private static ReceiptLevel level(SendRequest request) {
        return switch (request.getWaitFor()) {
            case RECEIPT_LEVEL_UNSPECIFIED, RECEIPT_LEVEL_REFUSED -> ReceiptLevel.RECEIPT_LEVEL_ACCEPTED;
            case UNRECOGNIZED ->
                throw MeshError.toStatus(MeshError.of(
                        Code.CODE_INVALID_REQUEST,
                        "nobody can wait for that level",
                        "wait_for " + request.getWaitForValue(),
                        "ACCEPTED, DELIVERED or DONE"));
            case RECEIPT_LEVEL_ACCEPTED, RECEIPT_LEVEL_STORED, RECEIPT_LEVEL_DELIVERED, RECEIPT_LEVEL_DONE ->
                request.getWaitFor();
        };
    }

    private static Address noTopic(Address to) {
        if (to.getTargetCase() == Address.TargetCase.TOPIC) {
            throw MeshError.toStatus(MeshError.of(
                    Code.CODE_INVALID_REQUEST, "topics are published to, not sent to", to.getTopic(), "rpc Publish"));
        }
        return to;
    }

    /** The time a call has: what it says, else its gRPC deadline, else 30 s. */
    private static long micros(boolean given, com.google.protobuf.Duration timeout) {
        if (given) {
            return Math.clamp(timeout.getSeconds(), 0, MAX_TIMEOUT_SECONDS) * 1_000_000 + timeout.getNanos() / 1_000;
        }
        @Nullable Deadline deadline = Context.current().getDeadline();
        return deadline == null ? DEFAULT_TIMEOUT_MICROS : deadline.timeRemaining(TimeUnit.MICROSECONDS);
    }
}
