package io.dray.cli.demo;

import java.util.Map;

/**
 * The answer to {@code digest-of}: when the content was digested and by which task. Immutable.
 *
 * @param task empty when the content is not known
 * @param isCached whether the sidecar gave again what an agent had answered before
 */
record DigestOf(String task, long beganMicros, long endedMicros, boolean isCached) {
    static DigestOf of(Map<String, String> headers, boolean isCached) {
        return new DigestOf(
                headers.getOrDefault("task", ""), micros(headers, "began"), micros(headers, "ended"), isCached);
    }

    boolean isKnown() {
        return !task.isEmpty();
    }

    private static long micros(Map<String, String> headers, String name) {
        return Long.parseLong(headers.getOrDefault(name, "0"));
    }
}
