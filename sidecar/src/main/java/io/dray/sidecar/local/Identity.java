package io.dray.sidecar.local;

import io.dray.core.wire.InstanceName;
import java.util.List;
import java.util.Map;

/**
 * Who an attached agent is, fixed for the life of its session.
 *
 * @param session 64 random bits, never 0
 * @param principal uid:N, or empty when nobody verified it
 * @param taskSlots attempts it runs at once; 0 means it is no worker
 * @param announced whether other nodes find it by name and capability; clients of the unary door are not announced
 */
public record Identity(
        InstanceName instance,
        long session,
        String principal,
        List<String> capabilities,
        Map<String, String> labels,
        int taskSlots,
        boolean announced) {

    /** Copies the collections. */
    public Identity {
        capabilities = List.copyOf(capabilities);
        labels = Map.copyOf(labels);
    }
}
