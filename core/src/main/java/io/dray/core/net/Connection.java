package io.dray.core.net;

import io.grpc.ServerCall;
import io.grpc.ServerInterceptor;

/**
 * What a server knows of one client's connection: who it is and when it was last heard. Thread-safe; lives as long as
 * its connection.
 */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class Connection {
    Connection() {}

    /** Returns the connection of a call; one that is always heard and has no principal for in-process calls. */
    public static Connection of(ServerCall<?, ?> call) {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns an interceptor that makes {@link #current} work in services made from generated stubs. */
    public static ServerInterceptor interceptor() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns the connection of the call that runs now, behind {@link #interceptor}. */
    public static Connection current() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns {@code uid:N} by the socket's peer credentials; empty on TCP. */
    public String principal() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns how long ago any byte came from the client, answers to pings included. */
    public long nanosSinceLastRead() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns where the client is, for people. */
    public String remote() {
        throw new UnsupportedOperationException("not yet");
    }
}
