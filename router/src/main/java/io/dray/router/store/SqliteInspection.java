package io.dray.router.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The statements by which a SQLite store is looked at. Stateless. */
final class SqliteInspection {
    private static final List<String> TABLES = List.of("task", "live", "finished", "node", "meta", "task_limit");
    private static final String BETWEEN = " WHERE t.id > ? AND t.id <= ? ORDER BY t.id";

    private SqliteInspection() {}

    static Inspection of(Sql sql, Path file) {
        List<SqlInspection.Sound> sounds = new ArrayList<>();
        TABLES.forEach(table ->
                sounds.add(new SqlInspection.Sound("pages of " + table, "PRAGMA integrity_check(" + table + ")")));
        return new SqlInspection(
                sql,
                new SqlInspection.Words(
                        () -> stats(sql, file),
                        "SELECT t.id AS id, length(t.payload) + coalesce(length(f.result), 0) AS bytes"
                                + " FROM task t LEFT JOIN finished f ON f.id = t.id",
                        "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", " + SqliteRows.LIVE_COLUMNS
                                + ", payload FROM task t JOIN live s ON s.id = t.id" + BETWEEN,
                        "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", " + SqliteRows.FINISHED_COLUMNS
                                + ", payload FROM task t JOIN finished s ON s.id = t.id" + BETWEEN,
                        wrongs(),
                        sounds));
    }

    private static List<SqlInspection.Wrong> wrongs() {
        return List.of(
                new SqlInspection.Wrong(
                        "live tasks",
                        "SELECT id FROM live WHERE id NOT IN (SELECT id FROM task)",
                        "is live, but what was submitted is gone"),
                new SqlInspection.Wrong(
                        "finished tasks",
                        "SELECT id FROM finished WHERE id NOT IN (SELECT id FROM task)",
                        "has ended, but what was submitted is gone"),
                new SqlInspection.Wrong(
                        "submitted tasks",
                        "SELECT id FROM task t WHERE NOT EXISTS (SELECT 1 FROM live WHERE live.id = t.id)"
                                + " AND NOT EXISTS (SELECT 1 FROM finished WHERE finished.id = t.id)",
                        "was submitted, but is neither live nor finished"),
                new SqlInspection.Wrong(
                        "tasks in one table",
                        "SELECT id FROM live WHERE id IN (SELECT id FROM finished)",
                        "is live and finished at once"),
                new SqlInspection.Wrong(
                        "states of live tasks",
                        "SELECT id FROM live WHERE state NOT BETWEEN 1 AND 5",
                        "is live, but its state is none of a live task"),
                new SqlInspection.Wrong(
                        "states of finished tasks",
                        "SELECT id FROM finished WHERE state NOT BETWEEN 6 AND 9",
                        "has ended, but its state is none of an ended task"),
                new SqlInspection.Wrong(
                        "holders of tasks",
                        "SELECT id FROM live WHERE state BETWEEN 3 AND 5 AND (node = '' OR token = 0)",
                        "is held by nobody, but its state says that it is"),
                new SqlInspection.Wrong(
                        "idempotency keys",
                        // Not by the index, which may be what is broken.
                        "SELECT max(id) AS id FROM task NOT INDEXED WHERE idempotency_key IS NOT NULL"
                                + " GROUP BY tenant, idempotency_key HAVING count(*) > 1",
                        "has the idempotency key of another task"));
    }

    private static Stats stats(Sql sql, Path file) throws StoreException {
        List<Stats.Part> parts = new ArrayList<>();
        for (Path each : List.of(file, SqliteStore.log(file))) {
            try {
                if (Files.exists(each)) {
                    parts.add(new Stats.Part(each.toString(), Files.size(each), OptionalLong.empty()));
                }
            } catch (IOException failure) {
                throw new StoreException("store.path: " + each + " does not tell its size", failure);
            }
        }
        return new Stats(
                "sqlite",
                file.toString(),
                SqliteSchema.newest(),
                number(sql, "SELECT submitted FROM task WHERE id = (SELECT min(id) FROM live)"),
                number(sql, "SELECT submitted FROM task WHERE id = (SELECT min(id) FROM finished)"),
                parts,
                number(sql, "PRAGMA freelist_count") * number(sql, "PRAGMA page_size"));
    }

    private static long number(Sql sql, String statement) throws StoreException {
        return sql.read("figures", statement, _ -> {}, row -> row.next() ? row.getLong(1) : 0L);
    }
}
