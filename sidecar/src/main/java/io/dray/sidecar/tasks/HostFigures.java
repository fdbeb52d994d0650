package io.dray.sidecar.tasks;

import java.util.Map;

/**
 * What was measured of the host, or of its container where that is smaller; as in NodeReport.
 *
 * @param pressurePermille greatest of the kernel's CPU, memory and IO pressure; 0 where it does not tell
 * @param gauges further figures by name
 */
record HostFigures(
        int totalCpuMillis,
        int freeCpuMillis,
        long totalMemoryBytes,
        long freeMemoryBytes,
        int pressurePermille,
        int loadPermille,
        Map<String, Double> gauges) {
    static final HostFigures UNKNOWN = new HostFigures(0, 0, 0, 0, 0, 0, Map.of());

    HostFigures {
        gauges = Map.copyOf(gauges);
    }
}
