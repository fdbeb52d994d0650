package io.dray.sidecar.local;

import io.dray.core.wire.InstanceName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who an attached agent is, fixed for the life of its session.
 *
 * @param session 64 random bits, never 0
 * @param principal uid:N, or empty when nobody verified it
 * @param taskSlots attempts it runs at once; 0 means it is no worker
 * @param accepted payload encodings it takes beside IDENTITY, by number
 * @param announced whether other nodes find it by name and capability; clients of the unary door are not announced
 * @param takesChunks whether it puts large payloads together itself
 */
public record Identity(
        InstanceName instance,
        long session,
        String principal,
        List<String> capabilities,
        Map<String, String> labels,
        int taskSlots,
        Set<Integer> accepted,
        boolean announced,
        boolean takesChunks) {

    private static final int IDENTITY_ENCODING = 1;

    /** Copies the collections. */
    public Identity {
        capabilities = List.copyOf(capabilities);
        labels = Map.copyOf(labels);
        accepted = Set.copyOf(accepted);
    }

    /** Whether it can read a payload of that encoding, by number; 0 and 1 mean as it is. */
    public boolean accepts(int encoding) {
        return encoding <= IDENTITY_ENCODING || accepted.contains(encoding);
    }
}
