package io.dray.agent;

import com.google.errorprone.annotations.CheckReturnValue;
import io.dray.core.net.SidecarPath;
import java.time.Duration;

/**
 * How an agent attaches; immutable, each {@code with...} returns a changed copy.
 *
 * @param sidecar where the sidecar listens: {@code unix:/path} or {@code host:port}
 * @param transport {@code auto}, {@code epoll} or {@code nio}; the first attachment of a process decides for all
 * @param timeouts how long things may take
 * @param onFull what {@code send} does when there is no room; default WAIT
 * @param concurrency messages that are handled at once on virtual threads, 1 or more; default 256
 * @param inlineCallbacks whether futures complete on the event loop: faster, but callbacks must not block; default false
 * @param buffers how much it holds and gathers
 */
@CheckReturnValue
public record MeshConfig(
        String sidecar,
        String transport,
        Timeouts timeouts,
        OnFull onFull,
        int concurrency,
        boolean inlineCallbacks,
        Buffers buffers) {
    /**
     * How long things may take.
     *
     * @param connect how long {@link Mesh#connect} tries; default 5 s
     * @param request deadline of requests and AT_LEAST_ONCE messages that name none, and of calls about tasks; default
     *     30 s
     * @param close how long {@link Mesh#close()} waits for what is in flight, 0 or more; default 5 s
     */
    public record Timeouts(Duration connect, Duration request, Duration close) {
        static final Timeouts DEFAULTS =
                new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(5));

        /** Checks the ranges. */
        public Timeouts {
            require("connect timeout", connect, connect.isPositive(), "> 0");
            require("request timeout", request, request.isPositive(), "> 0");
            require("close timeout", close, !close.isNegative(), ">= 0");
        }

        private static void require(String name, Duration value, boolean isGood, String expected) {
            if (!isGood) {
                throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
            }
        }
    }

    /** Checks the ranges. */
    public MeshConfig {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: > 0)");
        }
    }

    /**
     * Returns the defaults: the sidecar that {@code DRAY_SIDECAR} names, else the default socket of this user, and
     * {@link Buffers} as {@code DRAY_AGENT_...} variables change them.
     */
    public static MeshConfig defaults() {
        return new MeshConfig(
                SidecarPath.endpoint(System.getenv()),
                "auto",
                Timeouts.DEFAULTS,
                OnFull.WAIT,
                256,
                false,
                Buffers.of(System.getenv()));
    }

    /** Returns how long {@link Mesh#connect} tries. */
    public Duration connectTimeout() {
        return timeouts.connect;
    }

    /** Returns the deadline of requests and AT_LEAST_ONCE messages that name none. */
    public Duration requestTimeout() {
        return timeouts.request;
    }

    /** Returns how long {@link Mesh#close()} waits. */
    public Duration closeTimeout() {
        return timeouts.close;
    }

    public MeshConfig withSidecar(String endpoint) {
        return new MeshConfig(endpoint, transport, timeouts, onFull, concurrency, inlineCallbacks, buffers);
    }

    public MeshConfig withTransport(String name) {
        return new MeshConfig(sidecar, name, timeouts, onFull, concurrency, inlineCallbacks, buffers);
    }

    public MeshConfig withConnectTimeout(Duration timeout) {
        return withTimeouts(new Timeouts(timeout, timeouts.request, timeouts.close));
    }

    public MeshConfig withRequestTimeout(Duration timeout) {
        return withTimeouts(new Timeouts(timeouts.connect, timeout, timeouts.close));
    }

    public MeshConfig withCloseTimeout(Duration timeout) {
        return withTimeouts(new Timeouts(timeouts.connect, timeouts.request, timeout));
    }

    public MeshConfig withTimeouts(Timeouts changed) {
        return new MeshConfig(sidecar, transport, changed, onFull, concurrency, inlineCallbacks, buffers);
    }

    public MeshConfig withOnFull(OnFull choice) {
        return new MeshConfig(sidecar, transport, timeouts, choice, concurrency, inlineCallbacks, buffers);
    }

    public MeshConfig withConcurrency(int handlers) {
        return new MeshConfig(sidecar, transport, timeouts, onFull, handlers, inlineCallbacks, buffers);
    }

    public MeshConfig withInlineCallbacks(boolean inline) {
        return new MeshConfig(sidecar, transport, timeouts, onFull, concurrency, inline, buffers);
    }

    public MeshConfig withBuffers(Buffers changed) {
        return new MeshConfig(sidecar, transport, timeouts, onFull, concurrency, inlineCallbacks, changed);
    }

    public MeshConfig withPayloadBytes(long bytes) {
        return withBuffers(buffers.withPayload(bytes));
    }
}
