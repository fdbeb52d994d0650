package io.dray.router.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.dray.router.tasks.Attempts;
import io.dray.router.tasks.Hold;
import io.dray.router.tasks.Limit;
import io.dray.router.tasks.Page;
import io.dray.router.tasks.Progress;
import io.dray.router.tasks.Question;
import io.dray.router.tasks.StateName;
import io.dray.router.tasks.Submission;
import io.dray.router.tasks.TaskFilter;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState;
import io.dray.router.tasks.WaitingReason;
import io.dray.router.v1.TaskSpec;
import io.dray.types.v1.Error;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tasks to and from rows; those of PostgreSQL are read here as well. The columns stand in the order of {@link #LIVE_COLUMNS} and its fellows. Stateless. */
final class SqliteRows {
    static final String SUBMISSION_COLUMNS = "t.id, tenant, principal, fingerprint, submitted, spec";
    static final String STATE_COLUMNS =
            "state, attempts, token, node, instance, assigned, error, cancel_requested, revision";
    static final String LIVE_COLUMNS = STATE_COLUMNS + ", waiting_reason, waiting_until, checkpoint"
            + ", question_token, question_number, question, answer";
    static final String FINISHED_COLUMNS = STATE_COLUMNS + ", finished, result";
    /** Written with the others, and read by nobody but who drops bodies. */
    static final String BODY_COLUMN = "body_until";

    private static final int FIRST_STATE_COLUMN = 7;
    private static final int FIRST_OWN_COLUMN = 16;

    private SqliteRows() {}

    static void bindSubmission(PreparedStatement insert, TaskSnapshot task, ByteString payload) throws SQLException {
        Submission submission = task.submission();
        insert.setLong(1, submission.id());
        insert.setString(2, submission.tenant());
        insert.setString(3, submission.principal());
        insert.setString(4, submission.hasKey() ? submission.key().key() : null);
        insert.setBytes(5, submission.fingerprint().toByteArray());
        insert.setLong(6, submission.submittedMicros());
        insert.setBytes(7, submission.spec().toByteArray());
        insert.setBytes(8, payload.toByteArray());
    }

    /** Binds {@link #LIVE_COLUMNS} and then the id. */
    static void bindLive(PreparedStatement statement, TaskSnapshot task) throws SQLException {
        int next = bindState(statement, task);
        if (task.state() instanceof TaskState.Waiting waiting) {
            statement.setInt(next, waiting.reason().number());
            statement.setLong(next + 1, waiting.untilMicros());
        } else {
            statement.setInt(next, 0);
            statement.setLong(next + 1, 0);
        }
        statement.setBytes(next + 2, task.attempts().checkpoint().toByteArray());
        Question question = task.attempts().question();
        statement.setLong(next + 3, question.token());
        statement.setLong(next + 4, question.number());
        statement.setBytes(next + 5, question.text().toByteArray());
        ByteString answer = question.answer();
        statement.setBytes(next + 6, answer == null ? null : answer.toByteArray());
        statement.setLong(next + 7, task.id());
    }

    /** Binds {@link #FINISHED_COLUMNS}, {@link #BODY_COLUMN} and then the id. */
    static void bindFinished(PreparedStatement statement, TaskSnapshot task) throws SQLException {
        int next = bindState(statement, task);
        if (!(task.state() instanceof TaskState.Ended ended)) {
            throw new IllegalArgumentException("state: " + task.state().name() + " (expected: an ended task)");
        }
        ByteString result = ended instanceof TaskState.Succeeded succeeded ? succeeded.result() : ByteString.EMPTY;
        statement.setLong(next, ended.finishedMicros());
        statement.setBytes(next + 1, result.toByteArray());
        statement.setLong(next + 2, task.bodyUntilMicros());
        statement.setLong(next + 3, task.id());
    }

    private static int bindState(PreparedStatement statement, TaskSnapshot task) throws SQLException {
        Attempts attempts = task.attempts();
        Hold last = attempts.last();
        Error error = attempts.error();
        statement.setInt(1, task.state().name().number());
        statement.setInt(2, attempts.count());
        statement.setLong(3, attempts.token());
        statement.setString(4, last == null ? "" : last.node());
        statement.setString(5, last == null ? "" : last.instance());
        statement.setLong(6, last == null ? 0 : last.assignedMicros());
        statement.setBytes(7, error == null ? new byte[0] : error.toByteArray());
        statement.setInt(8, task.cancelRequested() ? 1 : 0);
        statement.setLong(9, task.revision());
        return 10;
    }

    /** Reads a row of {@link #SUBMISSION_COLUMNS} and {@link #LIVE_COLUMNS}. */
    static TaskSnapshot live(ResultSet row) throws SQLException {
        Attempts attempts = attempts(row, bytes(row, FIRST_OWN_COLUMN + 2), question(row));
        return snapshot(row, liveState(row, attempts.last()), attempts);
    }

    /** Reads a row of {@link #SUBMISSION_COLUMNS} and {@link #FINISHED_COLUMNS}. */
    static TaskSnapshot finished(ResultSet row) throws SQLException {
        long at = row.getLong(FIRST_OWN_COLUMN);
        StateName name = StateName.of(row.getInt(FIRST_STATE_COLUMN));
        TaskState state = switch (name) {
            case SUCCEEDED -> new TaskState.Succeeded(at, bytes(row, FIRST_OWN_COLUMN + 1));
            case FAILED -> new TaskState.Failed(at);
            case CANCELLED -> new TaskState.Cancelled(at);
            case EXPIRED -> new TaskState.Expired(at);
            case WAITING, PENDING, ASSIGNED, RUNNING, PARKED -> throw unexpected(name);
        };
        return snapshot(row, state, attempts(row, ByteString.EMPTY, Question.NONE));
    }

    /** Reads rows of finished tasks, newest first, until so many are found or looked at. */
    static Page page(ResultSet row, TaskFilter filter, int maxTasks, int maxExamined) throws SQLException {
        List<TaskSnapshot> found = new ArrayList<>();
        int examined = 0;
        long downTo = Page.NOTHING_BELOW;
        while (found.size() < maxTasks && row.next()) {
            TaskSnapshot task = finished(row);
            downTo = task.id();
            examined++;
            if (filter.matches(task)) {
                found.add(task);
            }
        }
        boolean more = found.size() == maxTasks || examined == maxExamined;
        return new Page(found, more ? downTo : Page.NOTHING_BELOW);
    }

    private static TaskState liveState(ResultSet row, @Nullable Hold last) throws SQLException {
        StateName name = StateName.of(row.getInt(FIRST_STATE_COLUMN));
        return switch (name) {
            case WAITING ->
                new TaskState.Waiting(
                        WaitingReason.of(row.getInt(FIRST_OWN_COLUMN)), row.getLong(FIRST_OWN_COLUMN + 1));
            case PENDING -> new TaskState.Pending();
            case ASSIGNED -> new TaskState.Assigned(held(last));
            case RUNNING -> new TaskState.Running(held(last));
            case PARKED -> new TaskState.Parked(held(last));
            case SUCCEEDED, FAILED, CANCELLED, EXPIRED -> throw unexpected(name);
        };
    }

    private static Hold held(@Nullable Hold last) throws SQLException {
        if (last == null) {
            throw new SQLException("stored task: held by nobody (expected: a node and an instance)");
        }
        return last;
    }

    private static Question question(ResultSet row) throws SQLException {
        byte[] answer = row.getBytes(FIRST_OWN_COLUMN + 6);
        return new Question(
                row.getLong(FIRST_OWN_COLUMN + 3),
                row.getLong(FIRST_OWN_COLUMN + 4),
                bytes(row, FIRST_OWN_COLUMN + 5),
                answer == null ? null : ByteString.copyFrom(answer));
    }

    private static Attempts attempts(ResultSet row, ByteString checkpoint, Question question) throws SQLException {
        long token = row.getLong(9);
        String node = row.getString(10);
        Hold last = node.isEmpty() ? null : new Hold(token, node, row.getString(11), row.getLong(12));
        byte[] error = row.getBytes(13);
        return new Attempts(row.getInt(8), token, last, error.length == 0 ? null : error(error), checkpoint, question);
    }

    private static TaskSnapshot snapshot(ResultSet row, TaskState state, Attempts attempts) throws SQLException {
        return new TaskSnapshot(submission(row), state, attempts, Progress.NONE, row.getInt(14) != 0, row.getLong(15));
    }

    private static Submission submission(ResultSet row) throws SQLException {
        try {
            return new Submission(
                    row.getLong(1),
                    TaskSpec.parseFrom(row.getBytes(6)),
                    row.getString(2),
                    row.getString(3),
                    bytes(row, 4),
                    row.getLong(5));
        } catch (InvalidProtocolBufferException broken) {
            throw new SQLException("stored spec of task " + row.getLong(1) + " (expected: a TaskSpec)", broken);
        }
    }

    /** Reads a row of scope, name, max_running, rate, burst and strict. */
    static Limit limit(ResultSet row) throws SQLException {
        return new Limit(
                Limit.Scope.of(row.getInt(1)),
                row.getString(2),
                row.getInt(3),
                row.getDouble(4),
                row.getInt(5),
                row.getInt(6) != 0);
    }

    private static Error error(byte[] stored) throws SQLException {
        try {
            return Error.parseFrom(stored);
        } catch (InvalidProtocolBufferException broken) {
            throw new SQLException("stored error (expected: an Error)", broken);
        }
    }

    static ByteString bytes(ResultSet row, int column) throws SQLException {
        return ByteString.copyFrom(row.getBytes(column));
    }

    private static SQLException unexpected(StateName name) {
        return new SQLException("stored state: " + name + " (expected: not in this table)");
    }
}
