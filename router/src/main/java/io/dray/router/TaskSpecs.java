package io.dray.router;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import io.dray.router.v1.Placement;
import io.dray.router.v1.Resources;
import io.dray.router.v1.RetryPolicy;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Priority;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Specs as they are stored: with defaults, without payload, and with a fingerprint that tells two apart. Stateless. */
final class TaskSpecs {
    private static final int CPU_MILLIS = 100;
    private static final long MEMORY_BYTES = 32L * 1024 * 1024;
    private static final int ATTEMPTS = 3;
    private static final Duration INITIAL_BACKOFF =
            Duration.newBuilder().setNanos(500_000_000).build();
    private static final Duration MAX_BACKOFF =
            Duration.newBuilder().setSeconds(30).build();
    private static final int FINGERPRINT_BYTES = 16;

    private TaskSpecs() {}

    /** Returns the spec with the contract's defaults filled in and without its payload. */
    static TaskSpec complete(TaskSpec spec) {
        TaskSpec.Builder builder = spec.toBuilder().clearPayload();
        builder.setQueue(orDefault(spec.getQueue(), TaskChecks.DEFAULT));
        builder.setPool(orDefault(spec.getPool(), TaskChecks.DEFAULT));
        builder.setContentType(orDefault(spec.getContentType(), "application/x-protobuf"));
        if (spec.getPriority() == Priority.PRIORITY_UNSPECIFIED) {
            builder.setPriority(Priority.PRIORITY_NORMAL);
        }
        if (spec.getPlacement().equals(Placement.getDefaultInstance())) {
            builder.clearPlacement();
        }
        return builder.setResources(complete(spec.getResources()))
                .setRetry(complete(spec.getRetry()))
                .build();
    }

    private static Resources complete(Resources resources) {
        Resources.Builder builder = resources.toBuilder();
        if (resources.getCpuMillis() == 0) {
            builder.setCpuMillis(CPU_MILLIS);
        }
        if (resources.getMemoryBytes() == 0) {
            builder.setMemoryBytes(MEMORY_BYTES);
        }
        return builder.build();
    }

    private static RetryPolicy complete(RetryPolicy retry) {
        RetryPolicy.Builder builder = retry.toBuilder();
        if (retry.getMaxAttempts() == 0) {
            builder.setMaxAttempts(ATTEMPTS);
        }
        if (!retry.hasInitialBackoff()) {
            builder.setInitialBackoff(INITIAL_BACKOFF);
        }
        if (!retry.hasMaxBackoff()) {
            builder.setMaxBackoff(MAX_BACKOFF);
        }
        return builder.build();
    }

    static String orDefault(String text, String other) {
        return text.isEmpty() ? other : text;
    }

    /** Returns what two specs with one idempotency key must have in common; deterministic over maps. */
    static ByteString fingerprint(TaskSpec completeSpec, ByteString payload) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                CodedOutputStream coded = CodedOutputStream.newInstance(out);
                coded.useDeterministicSerialization();
                completeSpec.writeTo(coded);
                coded.writeBytesNoTag(payload);
                coded.flush();
            }
            return ByteString.copyFrom(Arrays.copyOf(digest.digest(), FINGERPRINT_BYTES));
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("SHA-256 is missing in this JDK", broken);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
