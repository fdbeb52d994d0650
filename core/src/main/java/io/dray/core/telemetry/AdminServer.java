package io.dray.core.telemetry;

import java.io.IOException;

/** Serves /metrics, /healthz and /readyz over HTTP, on virtual threads. */
@SuppressWarnings("DoNotCallSuggester") // Bodies follow.
public final class AdminServer implements AutoCloseable {
    /** Starts at once; port 0 takes a free one. */
    public static AdminServer start(String host, int port, Meters meters, Readiness readiness) throws IOException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns the port that is served. */
    public int port() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Returns host:port. */
    public String address() {
        throw new UnsupportedOperationException("not yet");
    }

    @Override
    public void close() {}
}
