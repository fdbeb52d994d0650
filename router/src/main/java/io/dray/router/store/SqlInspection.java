package io.dray.router.store;

import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Looks at the tables by statements, of which each store has its own. Confined to the store's thread. */
final class SqlInspection implements Inspection {
    private static final int MAX_TASKS = 500;
    private static final long MAX_BYTES = 4L << 20;
    private static final int MAX_FAULTS = 100;

    private final Sql sql;
    private final Words words;

    SqlInspection(Sql sql, Words words) {
        this.sql = sql;
        this.words = words;
    }

    /** Reads what one store knows of its size. */
    interface StatsOf {
        Stats read() throws StoreException;
    }

    /**
     * The statements of one store.
     *
     * @param bodies id and bytes of payload and result of each task
     * @param live live tasks with their payload as last column, between two ids, by id
     * @param finished the same of finished ones
     */
    record Words(StatsOf stats, String bodies, String live, String finished, List<Wrong> wrongs, List<Sound> sounds) {
        Words {
            wrongs = List.copyOf(wrongs);
            sounds = List.copyOf(sounds);
        }
    }

    /**
     * Tasks that should not be.
     *
     * @param ids returns their ids
     * @param fault what is wrong, after "task ID"
     */
    record Wrong(String name, String ids, String fault) {}

    /** What the database says itself of its tables: {@code ok}, or a fault in each row. */
    record Sound(String name, String rows) {}

    @Override
    public Stats stats() throws StoreException {
        return words.stats().read();
    }

    @Override
    public List<Check> checks() {
        List<Check> checks = new ArrayList<>();
        words.sounds().forEach(sound -> checks.add(new SoundCheck(sql, sound)));
        words.wrongs().forEach(wrong -> checks.add(new WrongCheck(sql, wrong)));
        return checks;
    }

    private record SoundCheck(Sql sql, Sound sound) implements Check {
        @Override
        public String name() {
            return sound.name();
        }

        @Override
        public List<String> faults() throws StoreException {
            return sql.read(sound.name(), sound.rows(), _ -> {}, row -> {
                List<String> faults = new ArrayList<>();
                while (row.next() && faults.size() < MAX_FAULTS) {
                    String said = row.getString(1);
                    if (!said.equals("ok")) {
                        faults.add(sound.name() + ": " + said);
                    }
                }
                return faults;
            });
        }
    }

    private record WrongCheck(Sql sql, Wrong wrong) implements Check {
        @Override
        public String name() {
            return wrong.name();
        }

        @Override
        public List<String> faults() throws StoreException {
            String some = "SELECT id FROM (" + wrong.ids() + ") w ORDER BY id LIMIT " + MAX_FAULTS;
            return sql.read(wrong.name(), some, _ -> {}, row -> {
                List<String> faults = new ArrayList<>();
                while (row.next()) {
                    faults.add("task " + TaskId.text(row.getLong(1)) + " " + wrong.fault());
                }
                return faults;
            });
        }
    }

    @Override
    public List<StoredTask> tasks(long afterId, long upToId) throws StoreException {
        long from = afterId;
        long last = lastOfStep(from, upToId);
        while (last > from) {
            List<StoredTask> tasks = new ArrayList<>(tasks(words.live(), SqliteRows::live, from, last));
            tasks.addAll(tasks(words.finished(), SqliteRows::finished, from, last));
            if (!tasks.isEmpty()) {
                tasks.sort(Comparator.comparingLong(task -> task.task().id()));
                return tasks;
            }
            // What was submitted without being live or finished, which only a damaged store has.
            from = last;
            last = lastOfStep(from, upToId);
        }
        return List.of();
    }

    private interface RowOf {
        TaskSnapshot read(ResultSet row) throws SQLException;
    }

    private List<StoredTask> tasks(String statement, RowOf rows, long afterId, long lastId) throws StoreException {
        Sql.Binding binding = bound -> {
            bound.setLong(1, afterId);
            bound.setLong(2, lastId);
        };
        return sql.read("tasks above " + TaskId.text(afterId), statement, binding, row -> {
            List<StoredTask> tasks = new ArrayList<>();
            int payload = row.getMetaData().getColumnCount();
            while (row.next()) {
                tasks.add(new StoredTask(rows.read(row), SqliteRows.bytes(row, payload)));
            }
            return tasks;
        });
    }

    private long lastOfStep(long afterId, long upToId) throws StoreException {
        String next = "SELECT id, bytes FROM (" + words.bodies() + ") b WHERE id > ? AND id <= ? ORDER BY id LIMIT "
                + MAX_TASKS;
        Sql.Binding binding = bound -> {
            bound.setLong(1, afterId);
            bound.setLong(2, upToId);
        };
        return sql.read("sizes of tasks", next, binding, row -> {
            long last = afterId;
            long bytes = 0;
            while (row.next()) {
                bytes += row.getLong(2);
                if (bytes > MAX_BYTES && last > afterId) {
                    break;
                }
                last = row.getLong(1);
            }
            return last;
        });
    }

    @Override
    public long nextId(long afterId) throws StoreException {
        String next = "SELECT id FROM (" + words.bodies() + ") b WHERE id > ? ORDER BY id LIMIT 1";
        return sql.read("next id", next, bound -> bound.setLong(1, afterId), row -> row.next() ? row.getLong(1) : 0);
    }
}
