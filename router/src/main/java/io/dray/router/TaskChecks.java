package io.dray.router;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.dray.core.wire.MeshError;
import io.dray.core.wire.Names;
import io.dray.router.tasks.Micros;
import io.dray.router.v1.Resources;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Priority;
import java.util.Map;
import java.util.Optional;

/** What a router takes as a task, after {@link TaskSpecs#complete} has filled in the defaults. Stateless. */
final class TaskChecks {
    static final String DEFAULT = "default";
    static final int MAX_PAYLOAD_BYTES = 4 * 1024 * 1024 - 64 * 1024;
    private static final int MAX_HEADER_BYTES = 32 * 1024;
    private static final int MAX_TEXT_BYTES = 256;
    private static final int MAX_LABELS = 64;
    private static final int MAX_ATTEMPTS = 100;
    private static final int MAX_CPU_MILLIS = 10_000_000;
    private static final long MAX_MEMORY_BYTES = 1L << 50;
    /** Times from year 1 to year 9999, as the contract's type allows. */
    private static final long MIN_SECONDS = -62_135_596_800L;

    private static final long MAX_SECONDS = 253_402_300_799L;
    private static final int MAX_PERCENT = 100;
    private static final int MAX_CODES = 64;
    private static final int MAX_NANOS = 999_999_999;
    private static final long MAX_PAUSE_SECONDS = 86_400;
    /** Ten years. */
    private static final long MAX_RESULT_SECONDS = 315_360_000;

    private TaskChecks() {}

    /** Returns why the task cannot be taken; empty when it can. */
    static Optional<Error> check(TaskSpec spec, ByteString payload, long nowMicros) {
        return sizes(spec, payload)
                .or(() -> names(spec))
                .or(() -> texts(spec))
                .or(() -> labels(spec.getLabelsMap()))
                .or(() -> PlacementChecks.check(spec.getPlacement()))
                .or(() -> priority(spec))
                .or(() -> resources(spec.getResources()))
                .or(() -> retry(spec.getRetry()))
                .or(() -> times(spec, nowMicros));
    }

    static Optional<Error> tenant(String tenant) {
        return name("The tenant has a bad name.", tenant);
    }

    private static Optional<Error> sizes(TaskSpec spec, ByteString payload) {
        if (payload.size() > MAX_PAYLOAD_BYTES) {
            return refuse(
                    Code.CODE_TOO_LARGE,
                    "The payload is too large.",
                    payload.size() + " bytes",
                    "at most " + MAX_PAYLOAD_BYTES);
        }
        if (spec.getSerializedSize() > MAX_HEADER_BYTES) {
            return refuse(
                    Code.CODE_HEADER_TOO_LARGE,
                    "The spec without its payload is too large.",
                    spec.getSerializedSize() + " bytes",
                    "at most " + MAX_HEADER_BYTES);
        }
        return Optional.empty();
    }

    private static Optional<Error> names(TaskSpec spec) {
        if (spec.getCapability().isEmpty()) {
            return refuse(
                    Code.CODE_MISSING_FIELD, "The task has no capability.", "capability", "which agents can do it");
        }
        if (!spec.getPool().equals(DEFAULT)) {
            return refuse(Code.CODE_INVALID_REQUEST, "The router has no such pool.", spec.getPool(), DEFAULT);
        }
        return name("The capability has a bad name.", spec.getCapability())
                .or(() -> name("The queue has a bad name.", spec.getQueue()));
    }

    private static Optional<Error> texts(TaskSpec spec) {
        return text("type", spec.getType())
                .or(() -> text("content_type", spec.getContentType()))
                .or(() -> text("idempotency_key", spec.getIdempotencyKey()));
    }

    private static Optional<Error> labels(Map<String, String> labels) {
        if (labels.size() > MAX_LABELS) {
            return refuse(
                    Code.CODE_TOO_MANY, "The task has too many labels.", labels.size() + "", "at most " + MAX_LABELS);
        }
        return labels.entrySet().stream()
                .flatMap(label ->
                        text("label", label.getKey())
                                .or(() -> text("label " + label.getKey(), label.getValue()))
                                .stream())
                .findFirst();
    }

    private static Optional<Error> priority(TaskSpec spec) {
        if (spec.getPriority() != Priority.UNRECOGNIZED) {
            return Optional.empty();
        }
        return refuse(
                Code.CODE_INVALID_REQUEST,
                "The priority is unknown.",
                Integer.toString(spec.getPriorityValue()),
                "CRITICAL, HIGH, NORMAL or LOW (1-4)");
    }

    private static Optional<Error> resources(Resources resources) {
        if (resources.getCpuMillis() < 0 || resources.getCpuMillis() > MAX_CPU_MILLIS) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "The task asks for too much CPU.",
                    Integer.toUnsignedString(resources.getCpuMillis()),
                    "at most " + MAX_CPU_MILLIS + " thousandths of a core");
        }
        if (resources.getMemoryBytes() < 0 || resources.getMemoryBytes() > MAX_MEMORY_BYTES) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "The task asks for too much memory.",
                    Long.toUnsignedString(resources.getMemoryBytes()),
                    "at most " + MAX_MEMORY_BYTES + " bytes");
        }
        return Optional.empty();
    }

    private static Optional<Error> retry(RetryPolicy retry) {
        if (retry.getMaxAttempts() < 1 || retry.getMaxAttempts() > MAX_ATTEMPTS) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "The number of attempts is not allowed.",
                    Integer.toUnsignedString(retry.getMaxAttempts()),
                    "1-" + MAX_ATTEMPTS + "; 0 means 3");
        }
        if (retry.getJitterPercent() < 0 || retry.getJitterPercent() > MAX_PERCENT) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "retry.jitter_percent is not allowed.",
                    Integer.toUnsignedString(retry.getJitterPercent()),
                    "0-" + MAX_PERCENT);
        }
        if (retry.getNeverRetryCount() > MAX_CODES || retry.getNeverRetryList().contains(Code.UNRECOGNIZED)) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "retry.never_retry is not allowed.",
                    retry.getNeverRetryValueList().toString(),
                    "at most " + MAX_CODES + " codes of errors.proto");
        }
        return pause("retry.initial_backoff", retry.getInitialBackoff())
                .or(() -> pause("retry.max_backoff", retry.getMaxBackoff()));
    }

    private static Optional<Error> pause(String field, Duration pause) {
        if (pause.getSeconds() >= 0
                && pause.getSeconds() <= MAX_PAUSE_SECONDS
                && pause.getNanos() >= 0
                && pause.getNanos() <= MAX_NANOS) {
            return Optional.empty();
        }
        return refuse(
                Code.CODE_INVALID_REQUEST,
                field + " is not allowed.",
                pause.getSeconds() + " s " + pause.getNanos() + " ns",
                "0 s to " + MAX_PAUSE_SECONDS + " s");
    }

    private static Optional<Error> times(TaskSpec spec, long nowMicros) {
        if (spec.hasQueueTtl()) {
            Optional<Error> refusal = pause("queue_ttl", spec.getQueueTtl());
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        if (spec.hasResultTtl() && !isResultTtl(spec.getResultTtl())) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "result_ttl is not allowed.",
                    spec.getResultTtl().getSeconds() + " s "
                            + spec.getResultTtl().getNanos() + " ns",
                    "0 s to " + MAX_RESULT_SECONDS + " s");
        }
        if (!isTime(spec.getDeadline()) || !isTime(spec.getNotBefore())) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "deadline or not_before is no time.",
                    spec.getDeadline().getSeconds() + " s, "
                            + spec.getNotBefore().getSeconds() + " s",
                    "seconds and nanoseconds of years 1-9999");
        }
        if (!spec.hasDeadline()) {
            return Optional.empty();
        }
        long deadline = Micros.of(spec.getDeadline());
        if (deadline <= nowMicros) {
            return refuse(
                    Code.CODE_EXPIRED, "The deadline has passed already.", Long.toString(deadline), "a later deadline");
        }
        if (spec.hasNotBefore() && Micros.of(spec.getNotBefore()) >= deadline) {
            return refuse(
                    Code.CODE_INVALID_REQUEST,
                    "not_before is not before the deadline.",
                    Long.toString(Micros.of(spec.getNotBefore())),
                    "less than " + deadline);
        }
        return Optional.empty();
    }

    private static boolean isResultTtl(Duration ttl) {
        return ttl.getSeconds() >= 0
                && ttl.getSeconds() <= MAX_RESULT_SECONDS
                && ttl.getNanos() >= 0
                && ttl.getNanos() <= MAX_NANOS;
    }

    private static boolean isTime(Timestamp time) {
        return time.getSeconds() >= MIN_SECONDS
                && time.getSeconds() <= MAX_SECONDS
                && time.getNanos() >= 0
                && time.getNanos() <= MAX_NANOS;
    }

    private static Optional<Error> name(String message, String name) {
        return Names.isName(name)
                ? Optional.empty()
                : Optional.of(MeshError.of(Code.CODE_BAD_NAME, message, name, Names.NAME_FORM));
    }

    private static Optional<Error> text(String field, String text) {
        int bytes = ByteString.copyFromUtf8(text).size();
        return bytes <= MAX_TEXT_BYTES
                ? Optional.empty()
                : refuse(Code.CODE_TOO_LARGE, field + " is too long.", bytes + " bytes", "at most " + MAX_TEXT_BYTES);
    }

    private static Optional<Error> refuse(Code code, String message, String value, String expected) {
        return Optional.of(MeshError.of(code, message, value, expected));
    }
}
