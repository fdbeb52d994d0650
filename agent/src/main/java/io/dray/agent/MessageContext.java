package io.dray.agent;

import io.dray.types.v1.Code;
import java.time.Instant;
import java.util.Optional;

/** What surrounds a message while its handler has it, and the way to answer it. Thread-safe. */
public interface MessageContext {
    /** Returns the mesh that delivered it. */
    Mesh mesh();

    /** Whether the sender wants a reply. */
    boolean isRequest();

    /** Returns when nobody wants the outcome any more, by this host's clock. */
    Optional<Instant> deadline();

    /** Returns which delivery this is: 0 for the first, more after redelivery. */
    int attempt();

    /** Whether the requester has given up (a virtual-thread handler is interrupted too). */
    boolean isCancelled();

    /**
     * Answers the request; never waits. Only the first answer counts, and on anything but a request it does nothing.
     *
     * @param content what {@link RequestHandler#handle} may return
     */
    void reply(Object content);

    /** Answers the request with an error. */
    void fail(Code code, String message);
}
