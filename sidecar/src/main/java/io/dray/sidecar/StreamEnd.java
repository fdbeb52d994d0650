package io.dray.sidecar;

import io.dray.core.wire.MeshError;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one stream, which comes once: by its client, by a refusal, or by a fault of the sidecar's own that ends this
 * stream and no other. Owned by the stream's loop.
 */
final class StreamEnd {
    private static final Logger log = LoggerFactory.getLogger(StreamEnd.class);

    private final ServerCall<?, ?> call;
    private final Consumer<Error> refused;
    private final Runnable detach;
    private boolean ended;

    /**
     * Creates it for a stream that is up.
     *
     * @param refused counts what the stream was refused with
     * @param detach run once, after the end
     */
    StreamEnd(ServerCall<?, ?> call, Consumer<Error> refused, Runnable detach) {
        this.call = call;
        this.refused = refused;
        this.detach = detach;
    }

    boolean hasCome() {
        return ended;
    }

    /** Runs a part of the stream's work; what it throws ends the stream. */
    void guard(Runnable work) {
        if (ended) {
            return;
        }
        try {
            work.run();
        } catch (StatusRuntimeException e) {
            refuse(MeshError.from(e));
        } catch (RuntimeException e) {
            log.error("a stream failed", e);
            refuse(MeshError.of(Code.CODE_INTERNAL, "the sidecar failed on this stream; see its log", "", ""));
        }
    }

    /** The client has said all that it wanted to say. */
    void complete() {
        if (!ended) {
            ended = true;
            call.close(Status.OK, new Metadata());
            detach.run();
        }
    }

    /** The client is gone. */
    void cancelled() {
        if (!ended) {
            ended = true;
            detach.run();
        }
    }

    /** Ends the stream with an error. */
    void refuse(Error error) {
        if (ended) {
            return;
        }
        ended = true;
        StatusRuntimeException status = MeshError.toStatus(error);
        Metadata trailers = status.getTrailers();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
        refused.accept(error);
        detach.run();
    }
}
