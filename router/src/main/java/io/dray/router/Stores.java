package io.dray.router;

import io.dray.router.store.PostgresAddress;
import io.dray.router.store.PostgresStore;
import io.dray.router.store.SqliteStore;
import io.dray.router.store.Store;
import io.dray.router.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the store that a configuration names. Stateless. */
final class Stores {
    private Stores() {}

    static Store open(RouterConfig config) throws StoreException {
        RouterConfig.Store store = config.store();
        return store.isPostgres()
                ? PostgresStore.open(
                        new PostgresAddress(store.url(), store.user(), password(store.passwordFile())), config.name())
                : SqliteStore.open(store.path());
    }

    private static String password(String file) throws StoreException {
        if (file.isEmpty()) {
            return "";
        }
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException failure) {
            throw new StoreException(
                    "store.password-file: " + file + " cannot be read (expected: a file with the password): "
                            + failure.getClass().getSimpleName(),
                    failure);
        }
    }
}
