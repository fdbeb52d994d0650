package io.dray.router.model;

import io.dray.core.testing.SettableClock;
import java.time.Duration;

/** What everybody in one run shares. */
record Stage(SettableClock clock, Ledger ledger, Reference reference, Database database, Promises promises) {
    static Stage of(Duration lease, boolean tracing) {
        SettableClock clock = new SettableClock();
        Ledger ledger = new Ledger(tracing);
        Reference reference = new Reference(clock, lease, ledger);
        Database database = new Database(clock, reference);
        return new Stage(clock, ledger, reference, database, new Promises(clock, database, reference, ledger));
    }
}
