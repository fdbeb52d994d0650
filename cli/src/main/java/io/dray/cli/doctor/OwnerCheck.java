package io.dray.cli.doctor;

import io.dray.router.v1.GetStatusResponse;
import io.dray.router.v1.PoolOwner;
import java.util.Locale;

/** Which router owns the pool: without one no task moves. Stateless. */
public final class OwnerCheck {
    private static final double MILLIS_PER_SECOND = 1e3;

    private OwnerCheck() {}

    static Finding look(GetStatusResponse status) {
        return status.hasOwner()
                ? Finding.ok("pool owner", text(status.getOwner()))
                : Finding.warning(
                        "pool owner",
                        "router " + status.getRouter() + " knows none (expected: one router that owns the pool)",
                        "look at the routers' logs and at their PostgreSQL");
    }

    /** Returns the owner in a few words. */
    public static String text(PoolOwner owner) {
        String where = owner.getAddress().isEmpty() ? "" : " at " + owner.getAddress();
        String lease = owner.getLeaseMillis() == 0
                ? ""
                : String.format(Locale.ROOT, ", lease for %.1f s more", owner.getLeaseMillis() / MILLIS_PER_SECOND);
        return "router " + owner.getRouter() + where + ", epoch " + Long.toUnsignedString(owner.getEpoch()) + lease;
    }
}
