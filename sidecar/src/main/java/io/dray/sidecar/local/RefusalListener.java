package io.dray.sidecar.local;

/** Hears what agents of this host were refused. Thread-safe; must not block or call back. */
@FunctionalInterface
public interface RefusalListener {
    /** A run of envelopes of a session was refused. */
    void onRefused(long session, long first, int count);
}
