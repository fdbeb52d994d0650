package io.dray.cli;

import io.dray.cli.doctor.OwnerCheck;
import io.dray.cli.output.Json;
import io.dray.router.v1.PoolOwner;
import tools.jackson.databind.node.ObjectNode;

/** The router that owns a pool as the commands print it. Stateless. */
final class OwnerPrinter {
    private OwnerPrinter() {}

    static String text(PoolOwner owner) {
        return OwnerCheck.text(owner);
    }

    static ObjectNode json(PoolOwner owner) {
        return Json.object()
                .put("router", owner.getRouter())
                .put("address", owner.getAddress())
                .put("epoch", owner.getEpoch())
                .put("lease_millis", owner.getLeaseMillis());
    }
}
