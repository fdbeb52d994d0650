package io.dray.router.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Brings a database to the newest schema by the numbered scripts beside this class, in a schema of its own. A script
 * that was released is never changed. Stateless.
 */
final class PostgresSchema {
    private static final String SCRIPTS = "classpath:io/dray/router/store/postgres";
    private static final int LEAST_VERSION = 15;
    private static final int VERSION_UNIT = 10_000;

    private PostgresSchema() {}

    /** Looks whether the database can be used, and migrates it. Several routers may do so at once. */
    static void migrate(PostgresAddress address) throws StoreException {
        PGSimpleDataSource source = PostgresConnections.source(address);
        requireNewServer(address, source);
        // A migration may rewrite a table: it takes as long as it takes.
        source.setSocketTimeout(0);
        try {
            Flyway flyway = Flyway.configure(PostgresSchema.class.getClassLoader())
                    .dataSource(source)
                    .schemas(source.getCurrentSchema())
                    .locations(SCRIPTS)
                    .loggers("slf4j")
                    .load();
            refuseNewer(address, flyway);
            flyway.migrate();
        } catch (FlywayException failure) {
            throw new StoreException(
                    "store.url: " + address.shown() + " cannot be brought to the newest schema (expected: a database of"
                            + " Dray or an empty one, in which the user may make a schema): "
                            + PostgresFailures.reason(failure),
                    failure);
        }
    }

    private static void requireNewServer(PostgresAddress address, PGSimpleDataSource source) throws StoreException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW server_version_num")) {
            row.next();
            int version = row.getInt(1) / VERSION_UNIT;
            if (version < LEAST_VERSION) {
                throw new StoreException("store.url: " + address.shown() + " is PostgreSQL " + version + " (expected: "
                        + LEAST_VERSION + " or newer)");
            }
        } catch (SQLException failure) {
            throw PostgresFailures.atStart(address, failure);
        }
    }

    private static void refuseNewer(PostgresAddress address, Flyway flyway) throws StoreException {
        String newest = "";
        for (MigrationInfo migration : flyway.info().all()) {
            boolean isOurs = migration.getState() != MigrationState.FUTURE_SUCCESS
                    && migration.getState() != MigrationState.FUTURE_FAILED;
            if (!isOurs) {
                throw new StoreException("store schema: " + migration.getVersion() + " in " + address.shown()
                        + " (expected: at most " + newest
                        + "): a newer router wrote this database; start that version");
            }
            newest = String.valueOf(migration.getVersion());
        }
    }
}
