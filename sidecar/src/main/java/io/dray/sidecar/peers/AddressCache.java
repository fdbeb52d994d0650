package io.dray.sidecar.peers;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who answers to which address, as routers told. Read by any thread; look-ups run on the control loop. */
public final class AddressCache {
    /** Returns what is known now, also that nobody answers; null means that nothing is known. Never blocks. */
    public @Nullable Members get(AddressKey key) {
        return null;
    }

    /**
     * Finds out who answers. The callback runs exactly once, on the control loop: with what a router says, or with
     * nobody when none answers within 3 s. Must not block.
     */
    public void resolve(AddressKey key, Consumer<Members> callback) {
        callback.accept(Members.NOBODY);
    }

    /** Grows with each change of any entry, so that routes made from entries can be kept until then. */
    public long version() {
        return 0;
    }

    /** Counts a hit for a caller that kept a route and did not ask again. */
    public void countHit() {}
}
