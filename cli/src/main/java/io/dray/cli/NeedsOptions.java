package io.dray.cli;

import io.dray.core.config.DataSize;
import io.dray.router.v1.Placement;
import io.dray.router.v1.Resources;
import io.dray.router.v1.TaskSpec;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a task needs of a host and where it wants to run. */
final class NeedsOptions {
    private static final double MILLIS = 1000;

    @Option(
            names = "--cpu",
            paramLabel = "CORES",
            converter = Cores.class,
            description = "CPU that it needs, such as 0.5 or 2 (default: 0.1).")
    private int cpuMillis;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = Size.class,
            description = "Memory that it needs, such as 512MiB (default: 32MiB).")
    private long memoryBytes;

    @Option(
            names = "--require",
            paramLabel = "KEY=VALUE",
            description = "A label that the node must carry; may be repeated.")
    private Map<String, String> required = Map.of();

    @Option(
            names = "--exclude",
            paramLabel = "KEY=VALUE",
            description = "A label that the node must not carry; may be repeated.")
    private Map<String, String> excluded = Map.of();

    @Option(
            names = "--prefer",
            paramLabel = "KEY=VALUE",
            description = "A label of nodes that come first; may be repeated.")
    private Map<String, String> preferred = Map.of();

    @Option(names = "--sticky", paramLabel = "KEY", description = "Where the last task with this key was, if it fits.")
    private String sticky = "";

    @Option(
            names = "--near",
            paramLabel = "NODE",
            converter = MeshWord.Name.class,
            description = "On this node, if it fits.")
    private String near = "";

    @Option(names = "--spread", paramLabel = "KEY", description = "Away from other tasks with this key, if possible.")
    private String spread = "";

    /** Reads cores as thousandths. */
    static final class Cores implements ITypeConverter<Integer> {
        private static final int MOST = 10_000;

        @Override
        public Integer convert(String value) {
            try {
                double cores = Double.parseDouble(value);
                if (cores >= 1 / MILLIS && cores <= MOST) {
                    return (int) Math.round(cores * MILLIS);
                }
            } catch (NumberFormatException _) {
                // Told below: a word that is no number is as wrong as one out of range.
            }
            throw new TypeConversionException(
                    "'" + value + "' is no number of cores (expected: 0.001 to " + MOST + ")");
        }
    }

    /** Reads a size with its unit. */
    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String value) {
            try {
                return DataSize.parse(value).bytes();
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    void into(TaskSpec.Builder spec) {
        if (cpuMillis > 0 || memoryBytes > 0) {
            spec.setResources(Resources.newBuilder().setCpuMillis(cpuMillis).setMemoryBytes(memoryBytes));
        }
        Placement placement = Placement.newBuilder()
                .putAllRequiredLabels(required)
                .putAllExcludedLabels(excluded)
                .putAllPreferredLabels(preferred)
                .setStickyKey(sticky)
                .setNearNode(near)
                .setSpreadKey(spread)
                .build();
        if (!placement.equals(Placement.getDefaultInstance())) {
            spec.setPlacement(placement);
        }
    }
}
