package io.dray.agent;

import com.google.errorprone.annotations.CheckReturnValue;
import io.dray.core.net.SidecarPath;
import java.time.Duration;

/**
 * How an agent attaches; immutable, each {@code with...} returns a changed copy.
 *
 * @param sidecar where the sidecar listens: {@code unix:/path} or {@code host:port}
 * @param transport {@code auto}, {@code epoll} or {@code nio}; the first attachment of a process decides for all
 * @param connectTimeout how long {@link Mesh#connect} tries; default 5 s
 * @param requestTimeout deadline of requests and AT_LEAST_ONCE messages that name none, and of submissions; default 30 s
 * @param closeTimeout how long {@link Mesh#close()} waits for what is in flight; default 5 s
 * @param onFull what {@code send} does when there is no room; default WAIT
 * @param concurrency messages that are handled at once on virtual threads, 1 or more; default 256
 * @param inlineCallbacks whether futures complete on the event loop: faster, but callbacks must not block; default false
 */
@CheckReturnValue
public record MeshConfig(
        String sidecar,
        String transport,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration closeTimeout,
        OnFull onFull,
        int concurrency,
        boolean inlineCallbacks) {

    public MeshConfig {
        requirePositive("connectTimeout", connectTimeout);
        requirePositive("requestTimeout", requestTimeout);
        if (closeTimeout.isNegative()) {
            throw new IllegalArgumentException("closeTimeout: " + closeTimeout + " (expected: >= 0)");
        }
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency + " (expected: > 0)");
        }
    }

    /** Returns the defaults: the sidecar that {@code DRAY_SIDECAR} names, else the default socket of this user. */
    public static MeshConfig defaults() {
        return new MeshConfig(
                SidecarPath.endpoint(System.getenv()),
                "auto",
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(5),
                OnFull.WAIT,
                256,
                false);
    }

    public MeshConfig withSidecar(String endpoint) {
        return new MeshConfig(
                endpoint,
                transport,
                connectTimeout,
                requestTimeout,
                closeTimeout,
                onFull,
                concurrency,
                inlineCallbacks);
    }

    public MeshConfig withTransport(String name) {
        return new MeshConfig(
                sidecar, name, connectTimeout, requestTimeout, closeTimeout, onFull, concurrency, inlineCallbacks);
    }

    public MeshConfig withConnectTimeout(Duration timeout) {
        return new MeshConfig(
                sidecar, transport, timeout, requestTimeout, closeTimeout, onFull, concurrency, inlineCallbacks);
    }

    public MeshConfig withRequestTimeout(Duration timeout) {
        return new MeshConfig(
                sidecar, transport, connectTimeout, timeout, closeTimeout, onFull, concurrency, inlineCallbacks);
    }

    public MeshConfig withCloseTimeout(Duration timeout) {
        return new MeshConfig(
                sidecar, transport, connectTimeout, requestTimeout, timeout, onFull, concurrency, inlineCallbacks);
    }

    public MeshConfig withOnFull(OnFull choice) {
        return new MeshConfig(
                sidecar, transport, connectTimeout, requestTimeout, closeTimeout, choice, concurrency, inlineCallbacks);
    }

    public MeshConfig withConcurrency(int handlers) {
        return new MeshConfig(
                sidecar, transport, connectTimeout, requestTimeout, closeTimeout, onFull, handlers, inlineCallbacks);
    }

    public MeshConfig withInlineCallbacks(boolean inline) {
        return new MeshConfig(
                sidecar, transport, connectTimeout, requestTimeout, closeTimeout, onFull, concurrency, inline);
    }

    private static void requirePositive(String name, Duration duration) {
        if (!duration.isPositive()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: > 0)");
        }
    }
}
