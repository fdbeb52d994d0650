package io.dray.router.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
            List.of("V1__tasks.sql", "V2__questions.sql", "V3__limits.sql", "V4__nodes.sql", "V5__bodies.sql");

    private SqliteSchema() {}

    /** Changes nothing of a file that a newer router or another program wrote. */
    static void migrate(Connection connection, Path file) throws SQLException, StoreException {
        int version = number(connection, "PRAGMA user_version");
        if (version > SCRIPTS.size()) {
            throw new StoreException("store.path: " + file + " has the store schema: " + version
                    + " (expected: at most " + SCRIPTS.size() + "): a newer router wrote it; start that version");
        }
        if (version == 0 && number(connection, "SELECT count(*) FROM sqlite_master") > 0) {
            throw new StoreException("store.path: " + file + " is a SQLite file of another program (expected: one of"
                    + " Dray, or none yet)");
        }
        for (int next = version + 1; next <= SCRIPTS.size(); next++) {
            run(connection, SCRIPTS.get(next - 1), next);
        }
    }

    /** Returns the newest version that this router knows. */
    static int newest() {
        return SCRIPTS.size();
    }

    private static int number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
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
