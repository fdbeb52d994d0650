package io.dray.core.wire;

import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.dray.types.v1.Errors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The only mapping between our errors and gRPC's. Stateless. */
public final class MeshError {
    /** Bytes of the longest value that an error repeats. */
    public static final int MAX_VALUE_BYTES = 256;

    private static final int MAX_MESSAGE_BYTES = 1024;
    private static final Metadata.Key<Error> TRAILER =
            Metadata.Key.of("dray-error-bin", ProtoUtils.metadataMarshaller(Error.getDefaultInstance()));

    /** How gRPC says that a message was over the receiver's limit, which no retry helps. */
    private static final Pattern TOO_LARGE = Pattern.compile("exceeds maximum size (\\d+): (\\d+)");

    private MeshError() {}

    /** Returns an error whose {@code retryable} is the code's own. */
    public static Error of(Code code, String message, String value, String expected) {
        return Error.newBuilder()
                .setCode(code)
                .setRetryable(isRetryable(code))
                .setMessage(shorten(message, MAX_MESSAGE_BYTES))
                .setValue(shorten(value, MAX_VALUE_BYTES))
                .setExpected(shorten(expected, MAX_MESSAGE_BYTES))
                .build();
    }

    /** Returns an error without value and expectation. */
    public static Error of(Code code, String message) {
        return of(code, message, "", "");
    }

    /** Returns whether the same request may succeed later, by the code's option in the contract. */
    public static boolean isRetryable(Code code) {
        return code != Code.UNRECOGNIZED
                && code.getValueDescriptor().getOptions().getExtension(Errors.retryable);
    }

    /** Returns the gRPC status of a code, by its option in the contract. */
    public static Status.Code statusCode(Code code) {
        if (code == Code.UNRECOGNIZED) {
            return Status.Code.UNKNOWN;
        }
        int number = code.getValueDescriptor().getOptions().getExtension(Errors.grpcStatus);
        return Status.fromCodeValue(number).getCode();
    }

    /** Returns an error as the end of a call: status, description {@code CODE: message} and the whole in a trailer. */
    public static StatusRuntimeException toStatus(Error error) {
        Metadata trailers = new Metadata();
        trailers.put(TRAILER, error);
        Status status = Status.fromCode(statusCode(error.getCode())).withDescription(describe(error));
        return status.asRuntimeException(trailers);
    }

    /** Returns the error that a failed call carries; one is made from the status where the other side sent none. */
    public static Error from(Throwable failure) {
        Metadata trailers = Status.trailersFromThrowable(failure);
        Error carried = trailers == null ? null : carried(trailers);
        if (carried != null) {
            return carried;
        }
        Status status = Status.fromThrowable(failure);
        String description = status.getDescription();
        String message = description == null ? status.getCode() + ": " + failure : description;
        Matcher tooLarge = TOO_LARGE.matcher(message);
        if (tooLarge.find()) {
            return of(
                    Code.CODE_TOO_LARGE,
                    "The message is larger than the other side takes.",
                    tooLarge.group(2) + " bytes",
                    "at most " + tooLarge.group(1) + " bytes");
        }
        return of(codeOf(status), message, "", "");
    }

    /** Returns an error that others gave, with texts as long as ours: what is kept or passed on must have a bound. */
    public static Error bounded(Error error) {
        if (error.getSerializedSize() <= MAX_VALUE_BYTES + 2 * MAX_MESSAGE_BYTES) {
            return error;
        }
        return Error.newBuilder()
                .setCodeValue(error.getCodeValue())
                .setRetryAfterMillis(error.getRetryAfterMillis())
                .setRetryable(error.getRetryable())
                .setMessage(shorten(error.getMessage(), MAX_MESSAGE_BYTES))
                .setValue(shorten(error.getValue(), MAX_VALUE_BYTES))
                .setExpected(shorten(error.getExpected(), MAX_MESSAGE_BYTES))
                .build();
    }

    private static String describe(Error error) {
        String name = error.getCode() == Code.UNRECOGNIZED
                ? Integer.toString(error.getCodeValue())
                : error.getCode().name().substring("CODE_".length());
        return name + ": " + error.getMessage();
    }

    private static @Nullable Error carried(Metadata trailers) {
        try {
            return trailers.get(TRAILER);
        } catch (IllegalArgumentException _) {
            // The bytes of the trailer are no Error: the status alone has to do.
            return null;
        }
    }

    private static Code codeOf(Status status) {
        return switch (status.getCode()) {
            case CANCELLED -> Code.CODE_CANCELLED;
            case DEADLINE_EXCEEDED -> Code.CODE_EXPIRED;
            case INVALID_ARGUMENT, OUT_OF_RANGE -> Code.CODE_INVALID_REQUEST;
            case NOT_FOUND -> Code.CODE_NO_SUCH_DESTINATION;
            case ALREADY_EXISTS -> Code.CODE_NAME_TAKEN;
            case PERMISSION_DENIED, UNAUTHENTICATED -> Code.CODE_FORGED_SENDER;
            case RESOURCE_EXHAUSTED -> Code.CODE_MEMORY_FULL;
            case FAILED_PRECONDITION -> Code.CODE_INVALID_REQUEST;
            case ABORTED -> Code.CODE_FENCED;
            case UNIMPLEMENTED -> Code.CODE_UNIMPLEMENTED;
            case UNAVAILABLE -> Code.CODE_UNREACHABLE;
            case OK, UNKNOWN, INTERNAL, DATA_LOSS -> Code.CODE_INTERNAL;
        };
    }

    /** Returns the start of a text, whole characters only, that takes no more bytes in UTF-8. */
    public static String shorten(String text, int maxBytes) {
        if (text.length() * 3 <= maxBytes) {
            return text;
        }
        // The encoder stops before a character that does not fit, and replaces a lone surrogate.
        ByteBuffer bytes = ByteBuffer.allocate(maxBytes);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(java.nio.charset.CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), bytes, true);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }
}
