package io.dray.router;

import static io.dray.router.PostgresRouters.isServed;
import static io.dray.router.PostgresRouters.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.dray.core.testing.Await;
import io.dray.core.wire.MeshError;
import io.dray.router.store.BreakingLine;
import io.dray.router.v1.GetTaskRequest;
import io.dray.router.v1.TaskServiceGrpc;
import io.dray.router.v1.TaskServiceGrpc.TaskServiceBlockingStub;
import io.dray.router.v1.TaskState;
import io.dray.types.v1.Code;
import io.dray.types.v1.Error;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole routers on one PostgreSQL. */
class RouterPostgresTest {
    private final PostgresRouters routers = new PostgresRouters();

    @AfterEach
    void close() throws Exception {
        routers.close();
    }

    @Test
    void aSecondRouterStandsByAndServesTheSameTasksWhenTheFirstIsGone() throws Exception {
        Router first = routers.start("a");
        String id = submit(routers.tasks(first), "k");
        Router second = routers.start("b");
        assertThat(first.readyJson()).doesNotContain("standby");
        assertThat(second.readyJson()).contains("\"standby\":true");

        first.close();

        TaskServiceBlockingStub tasks = routers.tasks(second);
        Await.until("the second serves", () -> isServed(tasks, "k", id));
        assertThat(tasks.getTask(GetTaskRequest.newBuilder().setTaskId(id).build())
                        .getTask()
                        .getSpec()
                        .getIdempotencyKey())
                .isEqualTo("k");
    }

    /** One of the two that are left takes over, and the other one forwards to it. */
    @Test
    @Timeout(180)
    void nothingAcknowledgedIsLostWhenTheOwnerIsKilled() throws Exception {
        String ready = routers.startProcess("a");
        Router second = routers.start("b");
        Router third = routers.start("c");
        TaskServiceBlockingStub owner = TaskServiceGrpc.newBlockingStub(routers.channel(PostgresRouters.listen(ready)));
        List<TaskServiceBlockingStub> doors = List.of(routers.tasks(second), routers.tasks(third));
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            ids.add(submit(owner, "owner" + i));
            ids.add(submit(doors.get(i % 2), "door" + i));
        }

        routers.kill();

        for (TaskServiceBlockingStub door : doors) {
            Await.until("the pool is served", () -> isServed(door, "owner0", ids.getFirst()));
            for (String id : ids) {
                assertThat(door.getTask(GetTaskRequest.newBuilder()
                                        .setTaskId(id)
                                        .build())
                                .getTask()
                                .getTaskId())
                        .isEqualTo(id);
            }
        }
    }

    @Test
    void aRouterWhosePoolWasTakenTakesNothing() throws Exception {
        Router router = routers.start("a");
        TaskServiceBlockingStub tasks = routers.tasks(router);
        submit(tasks, "k");

        routers.ownedBy("c", "");

        assertThatThrownBy(() -> submit(tasks, "other")).hasMessageContaining("UNAVAILABLE");
        assertThat(routers.database().sql("SELECT count(*) FROM task")).isEqualTo("1");
    }

    @Test
    void whileTheDatabaseIsAwayWritesAreRefusedReadsComeFromMemoryAndItHealsByItself() throws Exception {
        try (BreakingLine line = new BreakingLine()) {
            Router router = routers.start("a", routers.database().url(line.port()));
            TaskServiceBlockingStub tasks = routers.tasks(router);
            GetTaskRequest task =
                    GetTaskRequest.newBuilder().setTaskId(submit(tasks, "k")).build();

            line.cut(true);
            routers.database().endConnections();

            Error refused = MeshError.from(catchThrowable(() -> submit(tasks, "other")));
            assertThat(refused.getCode()).isEqualTo(Code.CODE_STORE_FAILED);
            assertThat(MeshError.statusCode(refused.getCode())).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(tasks.getTask(task).getTask().getState()).isEqualTo(TaskState.TASK_STATE_PENDING);
            line.cut(false);
            Await.until("it serves again", Duration.ofSeconds(30), () -> isServed(tasks, "k", task.getTaskId()));
        }
    }

    @Test
    void itServesOnWhenTheDatabaseHasEndedItsConnections() throws Exception {
        Router router = routers.start("a");
        TaskServiceBlockingStub tasks = routers.tasks(router);
        String id = submit(tasks, "k");

        routers.database().endConnections();

        Await.until("it serves again", () -> isServed(tasks, "k", id));
        assertThat(submit(tasks, "new")).isNotEqualTo(id);
    }
}
