package io.dray.router.store;

import java.util.List;

/** Looks at a store as a whole, a step at a time, so that commits go on between the steps. Confined to the store's thread. */
public interface Inspection {
    /** Tells what is in the store and how large it is, without reading a table as a whole. */
    Stats stats() throws StoreException;

    /** Returns what has to be looked at to know that the tables are sound and fit together. */
    List<Check> checks();

    /** One step of a check: what is looked at, in a few words, and what is wrong there, a sentence for each fault. */
    interface Check {
        String name();

        List<String> faults() throws StoreException;
    }

    /**
     * Returns tasks, live and finished, with payloads and results: the next above an id, up to another one, by id. Few
     * enough that they fit into memory, and none only when there is none.
     */
    List<StoredTask> tasks(long afterId, long upToId) throws StoreException;

    /** Returns the next id above another one, also of a task that cannot be read; 0 means none. */
    long nextId(long afterId) throws StoreException;
}
