package io.dray.router.store;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The statements by which a PostgreSQL store is looked at. Stateless. */
final class PostgresInspection {
    private static final String BETWEEN = " WHERE t.id > ? AND t.id <= ? ORDER BY t.id";
    private static final String PARTS = "SELECT c.relname, pg_total_relation_size(c.oid), c.reltuples FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'"
            + " ORDER BY c.relname";

    private PostgresInspection() {}

    static Inspection of(Sql sql, PostgresAddress address) {
        return new SqlInspection(
                sql,
                new SqlInspection.Words(
                        () -> stats(sql, address),
                        "SELECT id, octet_length(payload)::bigint AS bytes FROM task UNION ALL SELECT id,"
                                + " octet_length(payload)::bigint + octet_length(result) FROM finished",
                        "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", " + SqliteRows.LIVE_COLUMNS
                                + ", payload FROM task t" + BETWEEN,
                        "SELECT " + SqliteRows.SUBMISSION_COLUMNS + ", " + SqliteRows.FINISHED_COLUMNS
                                + ", payload FROM finished t" + BETWEEN,
                        wrongs(),
                        List.of()));
    }

    private static List<SqlInspection.Wrong> wrongs() {
        return List.of(
                new SqlInspection.Wrong(
                        "tasks in one table",
                        "SELECT t.id FROM task t JOIN finished f ON f.id = t.id",
                        "is live and finished at once"),
                new SqlInspection.Wrong(
                        "finished tasks",
                        "SELECT id FROM finished GROUP BY id HAVING count(*) > 1",
                        "has ended more than once"),
                new SqlInspection.Wrong(
                        "states of live tasks",
                        "SELECT id FROM task WHERE state NOT BETWEEN 1 AND 5",
                        "is live, but its state is none of a live task"),
                new SqlInspection.Wrong(
                        "states of finished tasks",
                        "SELECT id FROM finished WHERE state NOT BETWEEN 6 AND 9",
                        "has ended, but its state is none of an ended task"),
                new SqlInspection.Wrong(
                        "holders of tasks",
                        "SELECT id FROM task WHERE state BETWEEN 3 AND 5 AND (node = '' OR token = 0)",
                        "is held by nobody, but its state says that it is"),
                new SqlInspection.Wrong(
                        "idempotency keys",
                        "SELECT max(id) AS id FROM (SELECT id, tenant, idempotency_key FROM task"
                                + " UNION ALL SELECT id, tenant, idempotency_key FROM finished) k"
                                + " WHERE idempotency_key IS NOT NULL GROUP BY tenant, idempotency_key"
                                + " HAVING count(DISTINCT id) > 1",
                        "has the idempotency key of another task"));
    }

    private static Stats stats(Sql sql, PostgresAddress address) throws StoreException {
        List<Stats.Part> parts = sql.read("sizes", PARTS, _ -> {}, row -> {
            List<Stats.Part> found = new ArrayList<>();
            while (row.next()) {
                long rows = (long) row.getDouble(3);
                // Never looked at yet: -1.
                found.add(new Stats.Part(
                        row.getString(1), row.getLong(2), rows < 0 ? OptionalLong.empty() : OptionalLong.of(rows)));
            }
            return found;
        });
        return new Stats(
                "postgresql",
                address.shown(),
                (int) number(sql, "SELECT max(version::integer) FROM flyway_schema_history WHERE success"),
                number(sql, "SELECT submitted FROM task ORDER BY id LIMIT 1"),
                number(sql, "SELECT submitted FROM finished ORDER BY id LIMIT 1"),
                parts,
                0);
    }

    private static long number(Sql sql, String statement) throws StoreException {
        return sql.read("figures", statement, _ -> {}, row -> row.next() ? row.getLong(1) : 0L);
    }
}
