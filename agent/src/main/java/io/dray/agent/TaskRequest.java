package io.dray.agent;

import com.google.errorprone.annotations.CheckReturnValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.dray.router.v1.Placement;
import io.dray.router.v1.Resources;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Priority;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A task to submit. Immutable: each method returns a changed copy. */
@CheckReturnValue
public final class TaskRequest {
    private final TaskSpec spec;
    private final String tenant;
    private final Optional<Duration> deadline;
    private final Optional<Duration> notBefore;

    private TaskRequest(TaskSpec spec, String tenant, Optional<Duration> deadline, Optional<Duration> notBefore) {
        this.spec = spec;
        this.tenant = tenant;
        this.deadline = deadline;
        this.notBefore = notBefore;
    }

    /** Starts a task for agents that advertise a capability. */
    public static TaskRequest forCapability(String capability) {
        var spec = TaskSpec.newBuilder().setCapability(Objects.requireNonNull(capability));
        return new TaskRequest(spec.build(), "", Optional.empty(), Optional.empty());
    }

    /** Sets the name of the payload's type, by which the worker picks its handler. */
    public TaskRequest type(String type) {
        return with(spec.toBuilder().setType(type));
    }

    /** Sets the media type of the payload; empty means application/x-protobuf. */
    public TaskRequest contentType(String contentType) {
        return with(spec.toBuilder().setContentType(contentType));
    }

    public TaskRequest payload(byte[] payload) {
        return payload(ByteString.copyFrom(payload));
    }

    public TaskRequest payload(ByteString payload) {
        return with(spec.toBuilder().setPayload(payload));
    }

    /** Sets UTF-8 text as payload, of media type text/plain. */
    public TaskRequest payload(String text) {
        return with(spec.toBuilder().setPayload(ByteString.copyFromUtf8(text)).setContentType("text/plain"));
    }

    /** Sets a protobuf message as payload; its full name becomes the type unless one was set. */
    public TaskRequest payload(MessageLite message) {
        var changed = spec.toBuilder().setPayload(message.toByteString());
        return with(spec.getType().isEmpty() ? changed.setType(Payloads.typeOf(message)) : changed);
    }

    /** Sets the priority; the default is NORMAL. */
    public TaskRequest priority(Priority priority) {
        return with(spec.toBuilder().setPriority(priority));
    }

    /** Sets the queue; the default is {@code default}. */
    public TaskRequest queue(String queue) {
        return with(spec.toBuilder().setQueue(queue));
    }

    /** Sets whom the task is accounted to; the default is the caller's own tenant. */
    public TaskRequest tenant(String tenant) {
        return new TaskRequest(spec, tenant, deadline, notBefore);
    }

    /** Makes submitting twice with the same key one task; the default is a random key per call of submit. */
    public TaskRequest idempotencyKey(String key) {
        return with(spec.toBuilder().setIdempotencyKey(key));
    }

    /** Sets how long, from the submission, somebody wants the result; the default is for ever. */
    public TaskRequest deadline(Duration deadline) {
        return new TaskRequest(spec, tenant, Optional.of(deadline), notBefore);
    }

    /** Sets how long, from the submission, it must not start; the default is at once. */
    public TaskRequest notBefore(Duration notBefore) {
        return new TaskRequest(spec, tenant, deadline, Optional.of(notBefore));
    }

    /** Sets what it needs of a host, in thousandths of a core and bytes; 0 means 100 and 32 MiB. */
    public TaskRequest resources(int cpuMillis, long memoryBytes) {
        return with(spec.toBuilder()
                .setResources(Resources.newBuilder().setCpuMillis(cpuMillis).setMemoryBytes(memoryBytes)));
    }

    /** Sets attempts in all (the default is 3) and the pause after the first failure, doubled after each. */
    public TaskRequest retry(int maxAttempts, Duration initialBackoff) {
        return withRetry(
                retry -> retry.setMaxAttempts(maxAttempts).setInitialBackoff(Payloads.duration(initialBackoff)));
    }

    /** Adds failures after which no other attempt is made; WORKER_LOST makes it a task that starts at most once. */
    public TaskRequest neverRetry(Code... codes) {
        return withRetry(retry -> retry.addAllNeverRetry(List.of(codes)));
    }

    /** Has another attempt made on another node than the one where the last failed, while one is there that could. */
    public TaskRequest avoidFailedNode() {
        return withRetry(retry -> retry.setAvoidFailedNode(true));
    }

    /** Sets how long it may wait for its first worker before it expires; the default is for ever. */
    public TaskRequest queueTtl(Duration ttl) {
        return with(spec.toBuilder().setQueueTtl(Payloads.duration(ttl)));
    }

    /** Adds a label that the node must carry; at most 16. */
    public TaskRequest requiredLabel(String name, String value) {
        return withPlacement(placement -> placement.putRequiredLabels(name, value));
    }

    /** Adds a label that the node must not carry; at most 16. */
    public TaskRequest excludedLabel(String name, String value) {
        return withPlacement(placement -> placement.putExcludedLabels(name, value));
    }

    /** Adds a label by which nodes come first, those that carry more of them before others; at most 16. */
    public TaskRequest preferredLabel(String name, String value) {
        return withPlacement(placement -> placement.putPreferredLabels(name, value));
    }

    /** Sets the key whose tasks run on as many nodes as possible. */
    public TaskRequest spreadKey(String key) {
        return withPlacement(placement -> placement.setSpreadKey(key));
    }

    /** Sets the node that gets it if it has room, such as the one that has the data. */
    public TaskRequest nearNode(String node) {
        return withPlacement(placement -> placement.setNearNode(node));
    }

    /** Sets the key whose tasks go where the last of them went, if there is room, such as where a cache is warm. */
    public TaskRequest stickyKey(String key) {
        return withPlacement(placement -> placement.setStickyKey(key));
    }

    private TaskRequest withPlacement(UnaryOperator<Placement.Builder> change) {
        return with(spec.toBuilder().setPlacement(change.apply(spec.getPlacement().toBuilder())));
    }

    private TaskRequest withRetry(UnaryOperator<RetryPolicy.Builder> change) {
        return with(spec.toBuilder().setRetry(change.apply(spec.getRetry().toBuilder())));
    }

    /** Adds a word about the task, for filters of lists; at most 64. */
    public TaskRequest label(String name, String value) {
        return with(spec.toBuilder().putLabels(name, value));
    }

    /** Returns the task as the contract has it, without the times that count from the submission. */
    public TaskSpec spec() {
        return spec;
    }

    /** Returns whom the task is accounted to; empty means the caller's own tenant. */
    public String tenant() {
        return tenant;
    }

    /** Returns how long, from the submission, somebody wants the result. */
    public Optional<Duration> deadline() {
        return deadline;
    }

    /** Returns how long, from the submission, it must not start. */
    public Optional<Duration> notBefore() {
        return notBefore;
    }

    private TaskRequest with(TaskSpec.Builder changed) {
        return new TaskRequest(changed.build(), tenant, deadline, notBefore);
    }
}
