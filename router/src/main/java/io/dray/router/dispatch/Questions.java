package io.dray.router.dispatch;

import com.google.protobuf.ByteString;
import io.dray.core.wire.MeshError;
import io.dray.router.fleet.Answer;
import io.dray.router.fleet.Node;
import io.dray.router.fleet.NodeStream;
import io.dray.router.tasks.AttemptEvent;
import io.dray.router.tasks.AttemptKey;
import io.dray.router.tasks.Outcome;
import io.dray.router.tasks.Question;
import io.dray.router.tasks.TaskEntry;
import io.dray.router.tasks.TaskId;
import io.dray.router.tasks.TaskSnapshot;
import io.dray.router.tasks.TaskState.Held;
import io.dray.router.tasks.TaskState.Open;
import io.dray.router.tasks.TaskState.Parked;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.concurrent.CompletableFuture;

/** What parked tasks ask, and the answers. Owned by the dispatcher's thread. */
final class Questions {
    private final Pool pool;
    private final Commits commits;

    Questions(Pool pool, Commits commits) {
        this.pool = pool;
        this.commits = commits;
    }

    /** Parks the task, or answers at once what was answered before. */
    void asked(NodeStream stream, TaskEntry entry, Held held, AttemptEvent.Parked event) {
        Question before = entry.current().attempts().question();
        long token = held.hold().token();
        if (before.token() == token && event.number() < before.number()) {
            return; // sent again; the handler is long past it
        }
        Question question = before.askedAgain(token, event.number(), event.question());
        if (held instanceof Parked && question.equals(before)) {
            return; // sent again
        }
        if (question.isOpen()) {
            pool.park(entry, entry.current().parked(held, question));
        } else {
            entry.become(entry.current().withQuestion(question));
            commits.then(() -> tell(stream, entry.id(), question));
        }
        commits.change(entry);
    }

    /** Stores the answer and has the worker go on; answers after the commit. */
    CompletableFuture<Outcome<TaskSnapshot>> answer(TaskEntry entry, ByteString answer) {
        Question question = entry.current().attempts().question();
        if (!question.isOpen() || !(entry.state() instanceof Open)) {
            return answer.equals(question.answer()) ? commits.after(entry) : commits.refused(asksNothing(entry));
        }
        Question answered = question.answered(answer);
        if (entry.state() instanceof Parked parked) {
            pool.resume(entry, entry.current().answered(parked, answered));
            commits.then(() -> {
                NodeStream stream = pool.streamOf(parked.hold());
                if (stream != null) {
                    tell(stream, entry.id(), answered);
                }
            });
        } else {
            entry.become(entry.current().withQuestion(answered));
        }
        commits.change(entry);
        return commits.after(entry);
    }

    private static Error asksNothing(TaskEntry entry) {
        return MeshError.of(
                Code.CODE_INVALID_REQUEST,
                "The task asks nothing that is not answered yet.",
                TaskId.text(entry.id()) + " " + entry.state().name(),
                "a task that is PARKED");
    }

    /** Says again what a node may have missed while it was away. */
    void sayAgain(Node node, NodeStream stream) {
        for (TaskEntry entry : pool.held()) {
            Question question = entry.current().attempts().question();
            if (entry.state() instanceof Held held
                    && held.hold().node().equals(node.name())
                    && held.hold().token() == question.token()
                    && question.answer() != null) {
                commits.then(() -> tell(stream, entry.id(), question));
            }
        }
    }

    private static void tell(NodeStream stream, long taskId, Question question) {
        ByteString text = question.answer();
        if (text != null) {
            stream.answer(new Answer(new AttemptKey(taskId, question.token()), question.number(), text));
        }
    }
}
