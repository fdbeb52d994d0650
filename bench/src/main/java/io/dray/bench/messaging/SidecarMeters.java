package io.dray.bench.messaging;

import io.dray.agent.v1.GetStatusRequest;
import io.dray.agent.v1.StatusServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The meters of one bed's sidecars, read as any client may. Used by one thread. */
public final class SidecarMeters implements AutoCloseable {
    private static final int CALL_SECONDS = 10;

    private final List<ManagedChannel> channels;

    /**
     * Connects on first use.
     *
     * @param addresses host:port of each sidecar's door for agents
     */
    public SidecarMeters(List<String> addresses) {
        channels = addresses.stream()
                .map(address -> ManagedChannelBuilder.forTarget(address)
                        .usePlaintext()
                        .proxyDetector(_ -> null)
                        .build())
                .toList();
    }

    boolean isEmpty() {
        return channels.isEmpty();
    }

    /**
     * Returns the sums over all sidecars and tags.
     *
     * @return by the names before the tags
     */
    public Map<String, Double> read() {
        Map<String, Double> sums = new HashMap<>();
        for (ManagedChannel channel : channels) {
            meters(channel).forEach((name, value) -> sums.merge(withoutTags(name), value, Double::sum));
        }
        return sums;
    }

    /**
     * Counts the meters of all sidecars, each of their tags for itself.
     *
     * @return how many there are
     */
    public int count() {
        return channels.stream().mapToInt(channel -> meters(channel).size()).sum();
    }

    private static Map<String, Double> meters(ManagedChannel channel) {
        return StatusServiceGrpc.newBlockingStub(channel)
                .withWaitForReady()
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                .getStatus(GetStatusRequest.getDefaultInstance())
                .getMetersMap();
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private static String withoutTags(String name) {
        int tags = name.indexOf('{');
        return tags < 0 ? name : name.substring(0, tags);
    }
}
