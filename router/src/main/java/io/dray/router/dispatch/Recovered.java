package io.dray.router.dispatch;

import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.TaskSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a dispatcher reads before it serves. Made on the store's thread, then owned by the dispatcher's. */
record Recovered(
        long epoch,
        long lastId,
        List<Limit> limits,
        List<TaskSnapshot> live,
        KeyFilter finishedKeys,
        Map<StateName, Long> finished,
        Set<String> cordoned) {
    static Recovered read(Store store) throws StoreException {
        List<TaskSnapshot> live = new ArrayList<>();
        store.forEachLive(live::add);
        KeyFilter keys = new KeyFilter();
        store.forEachFinishedKey(keys::add);
        return new Recovered(
                store.epoch(), store.lastId(), store.limits(), live, keys, store.finishedCounts(), store.cordoned());
    }
}
