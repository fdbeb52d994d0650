package io.dray.router;

import io.dray.core.wire.MeshError;
import io.dray.router.dispatch.Dispatcher;
import io.dray.router.fleet.PoolPlace;
import io.dray.router.store.PoolOwner;
import io.dray.router.store.StoreThread;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which router owns the pool, as this one knows it, and what it says of that: to callers who came to the wrong router, to
 * sidecars when it changes, to people. Thread-safe; never waits.
 */
final class Leadership implements Dispatcher.OwnershipListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(Leadership.class);
    /** About how long another router needs to notice that the owner is gone. */
    private static final int RETRY_AFTER_MILLIS = 500;

    private final String router;
    private final StoreThread store;
    private final OwnerLines lines;
    private final Consumer<PoolPlace> sidecars;
    /** Of the dispatcher's thread. */
    private @Nullable PoolPlace told;

    /** @param sidecars is told the owner, once for each change */
    Leadership(String router, StoreThread store, OwnerLines lines, Consumer<PoolPlace> sidecars) {
        this.router = router;
        this.store = store;
        this.lines = lines;
        this.sidecars = sidecars;
    }

    /** Says where other routers and sidecars reach this one. */
    void advertise(String address) {
        store.advertise(address);
    }

    /** Whether calls for the pool are served by this router. */
    boolean isHere() {
        return store.isOwned();
    }

    /** Returns the other router that owns the pool and where it is; empty when none does or it did not say where. */
    Optional<PoolOwner> elsewhere() {
        return isHere()
                ? Optional.empty()
                : store.owner().filter(owner -> !owner.address().isEmpty());
    }

    /** Runs on the dispatcher's thread. */
    @Override
    public void onOwnership(boolean serving) {
        if (isHere()) {
            lines.close("");
            // Who comes before the pool is in memory would be refused.
            if (serving) {
                store.owner().ifPresent(owner -> tell(new PoolPlace(router, "", owner.epoch())));
            }
            return;
        }
        Optional<PoolOwner> owner = elsewhere();
        lines.close(owner.map(PoolOwner::address).orElse(""));
        lines.tryAgain();
        owner.ifPresent(other -> tell(new PoolPlace(other.router(), other.address(), other.epoch())));
    }

    private void tell(PoolPlace place) {
        if (place.equals(told)) {
            return;
        }
        told = place;
        LOGGER.atInfo()
                .addKeyValue("owner", place.router())
                .addKeyValue("epoch", place.epoch())
                .addKeyValue("address", place.address().isEmpty() ? "here" : place.address())
                .log("Sidecars are told who owns the pool");
        sidecars.accept(place);
    }

    /** Returns why a call that another router forwarded is not served. */
    Error notHere(String forwardedBy) {
        return unavailable(
                "Router " + forwardedBy + " forwarded the call to this one, which does not own the pool either; the"
                        + " owner is changing. Try again.",
                router,
                "the router that owns the pool");
    }

    /** Returns why a call can be forwarded to nobody. */
    Error nobody() {
        String silent = store.owner()
                .map(owner -> "Router " + owner.router() + " owns the pool and does not say where it is.")
                .orElse("No router owns the pool at this moment.");
        return unavailable(silent + " Try again.", "", "a router that owns the pool");
    }

    /** Returns why the owner's answer did not come. */
    static Error silent(PoolOwner owner, String why) {
        return unavailable(
                "Router " + owner.router() + " owns the pool and does not answer (" + why
                        + "). Whether the call was done"
                        + " is unknown; try again, a submission with the same idempotency key.",
                owner.address(),
                "a router that answers there");
    }

    private static Error unavailable(String message, String value, String expected) {
        return MeshError.of(Code.CODE_ROUTER_UNAVAILABLE, message, value, expected).toBuilder()
                .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                .build();
    }

    /** Returns the owner in the contract's message; of a store that is this router's own, this router. */
    Optional<io.dray.router.v1.PoolOwner> message() {
        Optional<PoolOwner> shared = store.owner();
        if (shared.isPresent()) {
            PoolOwner owner = shared.get();
            return Optional.of(io.dray.router.v1.PoolOwner.newBuilder()
                    .setRouter(owner.router())
                    .setAddress(owner.address())
                    .setEpoch(owner.epoch())
                    .setLeaseMillis((int) owner.left(System.nanoTime()).toMillis())
                    .build());
        }
        return isHere()
                ? Optional.of(io.dray.router.v1.PoolOwner.newBuilder()
                        .setRouter(router)
                        .setEpoch(store.epoch())
                        .build())
                : Optional.empty();
    }
}
