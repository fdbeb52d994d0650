package io.dray.router.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings a SQLite file to the newest schema: the script number N runs when {@code PRAGMA user_version} is below N, in
 * one transaction with the new version. A script that was released is never changed. Stateless.
 */
final class SqliteSchema {
    private static final List<String> SCRIPTS =
            List.of("V1__tasks.sql", "V2__questions.sql", "V3__limits.sql", "V4__nodes.sql");

    private SqliteSchema() {}

    static void migrate(Connection connection) throws SQLException, StoreException {
        int version = version(connection);
        if (version > SCRIPTS.size()) {
            throw new StoreException("store schema: " + version + " (expected: at most " + SCRIPTS.size()
                    + "): a newer router wrote this file; start that version");
        }
        for (int next = version + 1; next <= SCRIPTS.size(); next++) {
            run(connection, SCRIPTS.get(next - 1), next);
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        }
    }

    private static void run(Connection connection, String script, int version) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            try {
                for (String sql : read(script).split(";", -1)) {
                    if (!sql.isBlank()) {
                        statement.execute(sql);
                    }
                }
                statement.execute("PRAGMA user_version = " + version);
                statement.execute("COMMIT");
            } catch (SQLException failure) {
                statement.execute("ROLLBACK");
                throw failure;
            }
        }
    }

    private static String read(String script) {
        try (InputStream in = SqliteSchema.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("migration script: " + script + " (expected: in the router's jar)");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new IllegalStateException("migration script: " + script + " (expected: readable)", failure);
        }
    }
}
