package io.dray.sidecar.peers;

import io.dray.sidecar.routers.ControlLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;

/** Who waits for which address; the second asker of an address joins the first. Control loop only. */
final class LookUps {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ControlLoop control;
    private final Consumer<AddressKey> onTimeout;
    private final Map<AddressKey, LookUp> waiting = new HashMap<>();

    private record LookUp(List<Consumer<Members>> callbacks, ScheduledFuture<?> timeout) {}

    LookUps(ControlLoop control, Consumer<AddressKey> onTimeout) {
        this.control = control;
        this.onTimeout = onTimeout;
    }

    /** Returns whether the address must be asked for, since nobody did yet. */
    boolean add(AddressKey key, Consumer<Members> callback) {
        LookUp known = waiting.get(key);
        if (known != null) {
            known.callbacks.add(callback);
            return false;
        }
        ScheduledFuture<?> timeout = control.after(PATIENCE, () -> onTimeout.accept(key));
        waiting.put(key, new LookUp(new ArrayList<>(List.of(callback)), timeout));
        return true;
    }

    boolean isWaiting(AddressKey key) {
        return waiting.containsKey(key);
    }

    void answer(AddressKey key, Members members) {
        LookUp lookUp = waiting.remove(key);
        if (lookUp != null) {
            lookUp.timeout.cancel(false);
            lookUp.callbacks.forEach(callback -> callback.accept(members));
        }
    }

    /** Answers everybody with nobody. */
    void close() {
        List.copyOf(waiting.keySet()).forEach(key -> answer(key, Members.NOBODY));
    }
}
