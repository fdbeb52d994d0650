package io.dray.agent.testing;

import com.google.protobuf.ByteString;
import io.dray.agent.Mesh;
import io.dray.agent.MeshException;
import io.dray.agent.Task;
import io.dray.agent.TaskContext;
import io.dray.agent.TaskFailure;
import io.dray.agent.TaskHandle;
import io.dray.agent.TaskHandler;
import io.dray.agent.TaskOutcome;
import io.dray.agent.TaskRequest;
import io.dray.agent.TaskStatus;
import io.dray.agent.v1.Assignment;
import io.dray.agent.v1.Attempt;
import io.dray.core.wire.MeshError;
import io.dray.router.v1.TaskState;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The tasks of a fake mesh: each is run once, at once, by the first worker that fits; without one it waits. */
final class FakeTasks {
    private final FakeMesh mesh;
    private final Map<String, Entry> byId = new HashMap<>();
    private final Map<String, Entry> byKey = new HashMap<>();

    FakeTasks(FakeMesh mesh) {
        this.mesh = mesh;
    }

    TaskHandle submit(TaskRequest request) {
        String key = request.spec().getIdempotencyKey();
        Entry known = byKey.get(key);
        if (known != null) {
            return known.handle(true);
        }
        var entry = new Entry("task-" + (byId.size() + 1), request);
        byId.put(entry.id, entry);
        if (!key.isEmpty()) {
            byKey.put(key, entry);
        }
        mesh.run(entry::start);
        return entry.handle(false);
    }

    TaskHandle known(String id) {
        Entry entry = byId.get(id);
        if (entry == null) {
            throw new MeshException(MeshError.of(Code.CODE_NO_SUCH_TASK, "No such task.", id, ""));
        }
        return entry.handle(true);
    }

    /** One task and what became of it. */
    private final class Entry implements TaskContext {
        private final String id;
        private final TaskRequest request;
        private final CompletableFuture<TaskOutcome> result = new CompletableFuture<>();
        private final List<Consumer<TaskStatus>> listeners = new ArrayList<>();
        private io.dray.router.v1.Task state;
        private FakeAgent worker;

        @SuppressWarnings("NullAway.Init") // The worker is set before a handler can see this context.
        Entry(String id, TaskRequest request) {
            this.id = id;
            this.request = request;
            this.state = io.dray.router.v1.Task.newBuilder()
                    .setTaskId(id)
                    .setSpec(request.spec())
                    .setState(TaskState.TASK_STATE_PENDING)
                    .build();
        }

        TaskHandle handle(boolean existed) {
            return new Handle(this, existed);
        }

        void start() {
            String type = request.spec().getType();
            for (FakeAgent agent : mesh.agents()) {
                var handler = agent.spec().taskHandler(type);
                if (agent.spec().capabilities().contains(request.spec().getCapability()) && handler.isPresent()) {
                    worker = agent;
                    run(handler.get());
                    return;
                }
            }
            // Looked at again as time goes on, so that a worker may come later.
            mesh.at(mesh.now().plusSeconds(1), this::startIfPending);
        }

        void cancel(String reason) {
            end(TaskState.TASK_STATE_CANCELLED, MeshError.of(Code.CODE_CANCELLED, reason));
        }

        private void startIfPending() {
            if (!result.isDone()) {
                start();
            }
        }

        private void run(TaskHandler handler) {
            change(TaskState.TASK_STATE_RUNNING);
            var task = Task.of(Assignment.newBuilder()
                    .setAttempt(Attempt.newBuilder().setTaskId(id).setToken(1))
                    .setAttemptNumber(1)
                    .setCapability(request.spec().getCapability())
                    .setType(request.spec().getType())
                    .setContentType(request.spec().getContentType())
                    .setTenant(request.tenant())
                    .setQueue(request.spec().getQueue())
                    .setPayload(request.spec().getPayload())
                    .build());
            try {
                byte[] output = handler.handle(task, this);
                if (!result.isDone()) {
                    change(TaskState.TASK_STATE_SUCCEEDED);
                    result.complete(new TaskOutcome.Succeeded(
                            id, 1, mesh.node(), worker.instance(), ByteString.copyFrom(output)));
                }
            } catch (TaskFailure e) {
                end(TaskState.TASK_STATE_FAILED, e.error());
            } catch (Exception e) {
                Error error = MeshError.of(Code.CODE_HANDLER_FAILED, "The handler threw.", e.toString(), "");
                end(
                        TaskState.TASK_STATE_FAILED,
                        error.toBuilder().setRetryable(true).build());
            }
        }

        private void end(TaskState last, Error error) {
            if (result.isDone()) {
                return;
            }
            state = state.toBuilder().setError(error).build();
            change(last);
            result.complete(
                    last == TaskState.TASK_STATE_CANCELLED
                            ? new TaskOutcome.Cancelled(id, state.getAttempts(), error)
                            : new TaskOutcome.Failed(id, state.getAttempts(), error));
        }

        private void change(TaskState next) {
            int attempts = next == TaskState.TASK_STATE_CANCELLED ? state.getAttempts() : 1;
            state = state.toBuilder().setState(next).setAttempts(attempts).build();
            tell();
        }

        private void tell() {
            var status = TaskStatus.of(state);
            List.copyOf(listeners).forEach(listener -> listener.accept(status));
        }

        @Override
        public Mesh mesh() {
            return worker;
        }

        @Override
        public void progress(int percent, String message) {
            state = state.toBuilder().setPercent(percent).setMessage(message).build();
            tell();
        }

        @Override
        public void checkpoint(byte[] bytes) {
            // A fake task has no second attempt that could go on from it.
        }

        @Override
        public byte[] park(byte[] question) {
            state = state.toBuilder()
                    .setQuestion(ByteString.copyFrom(question))
                    .clearAnswer()
                    .build();
            change(TaskState.TASK_STATE_PARKED);
            byte[] answer = mesh.answerTo(question);
            state = state.toBuilder().setAnswer(ByteString.copyFrom(answer)).build();
            change(TaskState.TASK_STATE_RUNNING);
            return answer;
        }

        @Override
        public boolean isCancelled() {
            return result.isDone();
        }
    }

    /** What the submitter holds. */
    private record Handle(Entry entry, boolean existed) implements TaskHandle {
        @Override
        public String id() {
            return entry.id;
        }

        @Override
        public CompletableFuture<TaskOutcome> result() {
            return entry.result;
        }

        @Override
        public void watch(Consumer<TaskStatus> listener) {
            listener.accept(TaskStatus.of(entry.state));
            entry.listeners.add(listener);
        }

        @Override
        public void cancel(String reason) {
            entry.cancel(reason);
        }

        @Override
        public void answer(byte[] answer) {
            throw new MeshException(MeshError.of(
                    Code.CODE_INVALID_REQUEST,
                    "A fake mesh answers questions when they are asked.",
                    entry.id,
                    "FakeMesh.answerQuestions before"));
        }
    }
}
