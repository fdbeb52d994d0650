package io.dray.router.store;

import com.google.protobuf.ByteString;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import java.lang.reflect.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A column as it is written: for many tasks at once, as one array. Names and order are those of {@link SqliteRows},
 * which reads the rows of both stores. Immutable.
 */
record PostgresColumn(String name, Type type, Value value) {
    /** The types in use, by the database's name and the class of their arrays. */
    enum Type {
        INTEGER("integer", Integer.class),
        BIGINT("bigint", Long.class),
        TEXT("text", String.class),
        BYTES("bytea", byte[].class);

        private final String word;
        private final Class<?> element;

        Type(String word, Class<?> element) {
            this.word = word;
            this.element = element;
        }
    }

    /** What a change puts there. */
    interface Value {
        @Nullable
        Object of(Change change);
    }

    private static final Hold NOBODY = new Hold(0, "", "", 0);
    static final PostgresColumn ID =
            new PostgresColumn("id", Type.BIGINT, change -> change.task().id());

    /** Keys are bytes, since a text of PostgreSQL may not hold the character 0. */
    static final List<PostgresColumn> SUBMISSION = List.of(
            ID,
            text("tenant", task -> task.submission().tenant()),
            text("principal", task -> task.submission().principal()),
            new PostgresColumn("idempotency_key", Type.BYTES, PostgresColumn::key),
            bytes("fingerprint", task -> task.submission().fingerprint()),
            bigint("submitted", task -> task.submission().submittedMicros()),
            bytes("spec", task -> task.submission().spec().toByteString()),
            new PostgresColumn(
                    "payload",
                    Type.BYTES,
                    change -> change instanceof Change.Insert insert
                            ? insert.payload().toByteArray()
                            : new byte[0]));

    private static final List<PostgresColumn> STATE = List.of(
            integer("state", task -> task.state().name().number()),
            integer("attempts", task -> task.attempts().count()),
            bigint("token", task -> task.attempts().token()),
            text("node", task -> holder(task).node()),
            text("instance", task -> holder(task).instance()),
            bigint("assigned", task -> holder(task).assignedMicros()),
            bytes("error", task -> {
                var error = task.attempts().error();
                return error == null ? ByteString.EMPTY : error.toByteString();
            }),
            integer("cancel_requested", task -> task.cancelRequested() ? 1 : 0),
            bigint("revision", TaskSnapshot::revision));

    static final List<PostgresColumn> LIVE = joined(
            STATE,
            List.of(
                    integer(
                            "waiting_reason",
                            task -> task.state() instanceof TaskState.Waiting waiting
                                    ? waiting.reason().number()
                                    : 0),
                    bigint(
                            "waiting_until",
                            task -> task.state() instanceof TaskState.Waiting waiting ? waiting.untilMicros() : 0),
                    bytes("checkpoint", task -> task.attempts().checkpoint()),
                    bigint("question_token", task -> task.attempts().question().token()),
                    bigint("question_number", task -> task.attempts().question().number()),
                    bytes("question", task -> task.attempts().question().text()),
                    new PostgresColumn("answer", Type.BYTES, PostgresColumn::answer)));

    static final List<PostgresColumn> FINISHED = joined(
            STATE,
            List.of(
                    bigint("finished", PostgresColumn::finishedMicros),
                    bytes(
                            "result",
                            task -> task.state() instanceof TaskState.Succeeded succeeded
                                    ? succeeded.result()
                                    : ByteString.EMPTY),
                    bigint(SqliteRows.BODY_COLUMN, TaskSnapshot::bodyUntilMicros)));

    static List<PostgresColumn> joined(List<PostgresColumn> first, List<PostgresColumn> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** Returns {@code a, b}. */
    static String names(List<PostgresColumn> columns) {
        return columns.stream().map(PostgresColumn::name).collect(Collectors.joining(", "));
    }

    /** Returns {@code unnest(?::bigint[], ?::text[]) AS c(a, b)}. */
    static String rows(List<PostgresColumn> columns) {
        return columns.stream()
                .map(column -> "?::" + column.type.word + "[]")
                .collect(Collectors.joining(", ", "unnest(", ") AS c(" + names(columns) + ")"));
    }

    /** Binds one array for each column; returns the place of the next parameter. */
    static int bind(
            Connection connection,
            PreparedStatement statement,
            int first,
            List<PostgresColumn> columns,
            List<? extends Change> changes)
            throws SQLException {
        int next = first;
        for (PostgresColumn column : columns) {
            statement.setArray(next, connection.createArrayOf(column.type.word, column.array(changes)));
            next++;
        }
        return next;
    }

    private Object[] array(List<? extends Change> changes) {
        Object[] array = (Object[]) Array.newInstance(type.element, changes.size());
        for (int i = 0; i < array.length; i++) {
            array[i] = value.of(changes.get(i));
        }
        return array;
    }

    static long finishedMicros(TaskSnapshot task) {
        if (task.state() instanceof TaskState.Ended ended) {
            return ended.finishedMicros();
        }
        throw new IllegalArgumentException("state: " + task.state().name() + " (expected: an ended task)");
    }

    private static Hold holder(TaskSnapshot task) {
        Hold last = task.attempts().last();
        return last == null ? NOBODY : last;
    }

    private static byte @Nullable [] answer(Change change) {
        ByteString answer = change.task().attempts().question().answer();
        return answer == null ? null : answer.toByteArray();
    }

    private static byte @Nullable [] key(Change change) {
        var submission = change.task().submission();
        return submission.hasKey() ? bytesOf(submission.key().key()) : null;
    }

    static byte[] bytesOf(String key) {
        return ByteString.copyFromUtf8(key).toByteArray();
    }

    private interface IntOf {
        int of(TaskSnapshot task);
    }

    private interface LongOf {
        long of(TaskSnapshot task);
    }

    private interface TextOf {
        String of(TaskSnapshot task);
    }

    private interface BytesOf {
        ByteString of(TaskSnapshot task);
    }

    private static PostgresColumn integer(String name, IntOf value) {
        return new PostgresColumn(name, Type.INTEGER, change -> value.of(change.task()));
    }

    private static PostgresColumn bigint(String name, LongOf value) {
        return new PostgresColumn(name, Type.BIGINT, change -> value.of(change.task()));
    }

    private static PostgresColumn text(String name, TextOf value) {
        return new PostgresColumn(name, Type.TEXT, change -> value.of(change.task()));
    }

    private static PostgresColumn bytes(String name, BytesOf value) {
        return new PostgresColumn(
                name, Type.BYTES, change -> value.of(change.task()).toByteArray());
    }
}
