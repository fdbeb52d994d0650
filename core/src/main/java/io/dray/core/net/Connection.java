package io.dray.core.net;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * What a server knows of one client's connection: who it is and when it was last heard. Thread-safe; lives as long as
 * its connection. Its event loop stamps it at each read.
 */
public final class Connection {
    static final Attributes.Key<Connection> KEY = Attributes.Key.create("dray-connection");

    private static final Context.Key<Connection> CURRENT = Context.key("dray-connection");
    private static final Connection IN_PROCESS = new Connection("", "in-process", false);

    private final String principal;
    private final String remote;
    private final boolean stamped;
    private volatile long lastReadNanos = System.nanoTime();

    private Connection(String principal, String remote, boolean stamped) {
        this.principal = principal;
        this.remote = remote;
        this.stamped = stamped;
    }

    static Connection accepted(String principal, String remote) {
        return new Connection(principal, remote, true);
    }

    /** Returns the connection of a call; one that is always heard and has no principal for in-process calls. */
    public static Connection of(ServerCall<?, ?> call) {
        Connection connection = call.getAttributes().get(KEY);
        return connection == null ? IN_PROCESS : connection;
    }

    /** Returns an interceptor that makes {@link #current} work in services made from generated stubs. */
    public static ServerInterceptor interceptor() {
        return new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                Context context = Context.current().withValue(CURRENT, of(call));
                return Contexts.interceptCall(context, call, headers, next);
            }
        };
    }

    /** Returns the connection of the call that runs now, behind {@link #interceptor}. */
    public static Connection current() {
        @Nullable Connection connection = CURRENT.get();
        return connection == null ? IN_PROCESS : connection;
    }

    /** Returns {@code uid:N} by the socket's peer credentials; empty on TCP. */
    public String principal() {
        return principal;
    }

    /** Returns how long ago any byte came from the client, answers to pings included; 0 for in-process calls. */
    public long nanosSinceLastRead() {
        return stamped ? Math.max(0, System.nanoTime() - lastReadNanos) : 0;
    }

    /** Returns where the client is, for people. */
    public String remote() {
        return remote;
    }

    /** Notes a read; returns when it is. */
    long stamp() {
        long now = System.nanoTime();
        lastReadNanos = now;
        return now;
    }

    @Override
    public String toString() {
        return principal.isEmpty() ? remote : remote + " (" + principal + ")";
    }
}
