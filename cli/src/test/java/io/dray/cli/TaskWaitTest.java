package io.dray.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dray.core.testing.Await;
import io.dray.router.v1.Task;
import io.dray.router.v1.TaskSpec;
import io.dray.router.v1.WatchTasksResponse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskWaitTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Task task = Task.newBuilder()
            .setTaskId("t1")
            .setSpec(TaskSpec.newBuilder().setCapability("translate"))
            .build();

    @Test
    void theTaskIsToldBeforeItIsWaitedFor() {
        Iterator<WatchTasksResponse> changes = changes(() -> assertThat(err()).isEqualTo("task t1\n"));

        toEnd(Duration.ofHours(1), changes);

        assertThat(err()).isEqualTo("task t1\n");
    }

    @Test
    void aTaskThatNobodyTakesIsToldOnce() {
        toEnd(Duration.ZERO, changes(() -> Await.until("a word about it", () -> err().contains("it waits"))));

        assertThat(err().lines()).hasSize(2).last().asString().contains("offers translate", "`dray agents`");
    }

    private void toEnd(Duration patience, Iterator<WatchTasksResponse> changes) {
        new TaskWait(new PrintStream(err, true, StandardCharsets.UTF_8), patience).toEnd(task, changes);
    }

    /** One change that comes when an action is done. */
    private Iterator<WatchTasksResponse> changes(Runnable before) {
        return Stream.of(task)
                .peek(_ -> before.run())
                .map(now -> WatchTasksResponse.newBuilder().addTasks(now).build())
                .iterator();
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
