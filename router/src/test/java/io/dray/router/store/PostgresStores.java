package io.dray.router.store;

/** Stores in a PostgreSQL for tests of other packages. Stateless. */
public final class PostgresStores {
    private PostgresStores() {}

    /** Opens the store of a test's schema, as a router would. */
    public static PostgresStore open(PostgresForTests database) throws StoreException {
        return PostgresStore.open(database.address(), "r");
    }
}
