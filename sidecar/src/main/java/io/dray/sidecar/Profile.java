package io.dray.sidecar;

import java.util.Locale;

/** What the defaults of a sidecar are chosen for; {@link SidecarPresets} has the values. */
public enum Profile {
    /** The defaults as they are. */
    BALANCED,
    /** Messages per second; no figure shows a better value than a default, so it has none of its own yet. */
    THROUGHPUT,
    /** Short queues: a message waits less behind others, at the cost of messages per second. */
    LATENCY,
    /** Few bytes, at the cost of messages per second. */
    MEMORY;

    /** Returns the word that a configuration has for it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
